"""One colour of a brand made into shades that can be read, in light and in dark (WCAG 2.2, contrast AA)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

Rgb = tuple[float, float, float]

BLACK, WHITE = "#000000", "#ffffff"
BLUE = "#2f5bea"
"""The accent of a desk that chose none, by day."""
ENOUGH = 4.6
"""The contrast between text and what it stands on; the rule asks for 4.5."""
STEPS = 25


@dataclass(frozen=True, slots=True)
class Shades:
    """An accent as text and fill, one stronger than it, and a soft ground that it can be read on."""

    accent: str
    strong: str
    soft: str


@cache
def on_light(brand: str) -> Shades:
    """Return the shades of `brand` (#rrggbb) for light surfaces and white text."""
    soft = mixed(brand, WHITE, 0.9)
    accent = _readable(brand, BLACK, (soft, "#eef1f4"))
    return Shades(accent, mixed(accent, BLACK, 0.2), soft)


@cache
def on_dark(brand: str) -> Shades:
    """Return the shades of `brand` (#rrggbb) for dark surfaces and dark text."""
    soft = mixed(brand, "#151b24", 0.8)
    accent = _readable(brand, WHITE, (soft, "#1b2430", "#0b1020"))
    return Shades(accent, mixed(accent, WHITE, 0.25), soft)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """Return `one` with a share of `other`, from 0 to 1."""
    parts = (a + (b - a) * share for a, b in zip(_rgb(one), _rgb(other), strict=True))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _readable(brand: str, towards: str, grounds: Iterable[str]) -> str:
    """Return the shade nearest to `brand` that can be read on every ground."""
    shades = (mixed(brand, towards, step / STEPS) for step in range(STEPS + 1))
    known = tuple(grounds)
    fits = (one for one in shades if all(contrast(one, ground) >= ENOUGH for ground in known))
    return next(fits, towards)


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    linear = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in _rgb(colour))
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
