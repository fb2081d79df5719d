"""Typed values of the environment, with all that is wrong with them."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping


class Reader:
    """Reads typed values and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.mistakes: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.environ.get(name, "").strip() or default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        value = self.text(name, str(default))
        if value.isdecimal() and low <= int(value) <= high:
            return int(value)
        self.mistakes.append(f"{name} is {value!r}; it must be a whole number from {low} to {high}.")
        return default

    def decided(self, name: str, low: int, high: int) -> int | None:
        """A whole number, or None where the desk's own setting counts."""
        return self.number(name, low, low, high) if self.text(name) else None

    def switch(self, name: str, default: bool) -> bool:
        """A 1 or a 0."""
        return self.choice(name, ("0", "1"), str(int(default))) == "1"

    def networks(self, name: str) -> tuple[str, ...]:
        """Addresses and networks, separated by commas, each as a network."""
        found = []
        for word in self.text(name).replace(",", " ").split():
            try:
                found.append(str(ipaddress.ip_network(word)))
            except ValueError:
                self.mistakes.append(f"{name} names {word!r}; write addresses or networks like 10.0.0.0/24.")
        return tuple(found)

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """One of `allowed`, whatever its case."""
        value = self.text(name, default)
        found = {option.lower(): option for option in allowed}.get(value.lower())
        if found is None:
            self.mistakes.append(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
        return found or default
