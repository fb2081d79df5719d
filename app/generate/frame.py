"""What surrounds every page: the product's name, the person, the navigation, the messages.

A context processor puts one `Frame` into every template under the name `shell`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.core.i18n import Text
from app.generate.parts import Action


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A place to go. `key` is the letter after G that goes there."""

    label: Text
    url: str
    icon: str
    count: Text = ""
    current: bool = False
    urgent: bool = False
    key: str | None = None


class NavGroup(NamedTuple):
    """Places under one heading; the first group has none."""

    label: Text | None
    items: list[NavItem]


class Flash(NamedTuple):
    """A message after something was done. `undo_url` takes a POST for eight seconds."""

    category: str
    message: Text
    undo_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who is signed in, and what the menu under the name offers."""

    name: str
    initials: str
    role_label: Text
    links: tuple[Action, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The context of every page.

    theme      "auto", "light" or "dark"; density "comfortable" or "compact"
    direction  "ltr" or "rtl"
    folded     the navigation shows icons only (from the cookie `fd_nav`)
    keys       single-key shortcuts are on
    logo_url   stands in place of the mark; `brand_url` is a style sheet with the accent colour
    *_url      None leaves out what would use it
    """

    product: str
    theme: str = "auto"
    density: str = "comfortable"
    locale: str = "en"
    direction: str = "ltr"
    person: Person | None = None
    navigation: tuple[NavGroup, ...] = ()
    flashes: tuple[Flash, ...] = ()
    home_url: str = "/"
    palette_url: str | None = None
    theme_url: str | None = None
    sign_out_url: str | None = None
    logo_url: str | None = None
    brand_url: str | None = None
    folded: bool = False
    keys: bool = True
