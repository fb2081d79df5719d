"""Guarded outbound HTTP: the only way out of the product.

A customer's administrator decides where webhooks go, so every address is hostile until shown otherwise: only
http and https, only public addresses, checked again at every try and connected to as checked, no
redirects, no proxy from the environment, and hard limits of time and size.
"""

from __future__ import annotations

from app.adapters.http.addresses import is_public
from app.adapters.http.errors import Refused, Unreachable
from app.adapters.http.outbound import Answer, Limits, Outbound, from_config

__all__ = ["Answer", "Limits", "Outbound", "Refused", "Unreachable", "from_config", "is_public"]
