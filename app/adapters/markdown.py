"""Markdown to safe HTML: CommonMark with tables, strikethrough and links, then an allow-list.

Two walls: the parser knows no raw HTML, and nh3 lets only the tags below through. Nothing is loaded from
elsewhere: a picture becomes a link to it. What is too large or too deep to parse quickly is shown as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, cast

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

LONGEST = 50_000
"""Characters that are read as Markdown; a longer text is shown as written."""

MOST_BRACKETS = 5_000
"""Opening brackets that are read as Markdown: each may begin a link, and the parser tries them all."""

DEEPEST = 30
"""Levels of quotes and lists that are drawn."""

HEADING_SHIFT = 2
"""A text's first heading is the page's third: the page's title and the pane's come before it."""

_INLINE = {"a", "br", "code", "em", "s", "strong"}
_BLOCKS = {"blockquote", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
_TABLE = {"table", "tbody", "td", "th", "thead", "tr"}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "td": {"align"}, "th": {"align"}}
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_ALIGNED = re.compile(r"text-align:(left|right|center)")


def render(source: str) -> Markup:
    """Return the safe HTML of a Markdown text; it may be stored and shown as it is."""
    text = _storable(source)
    if _is_too_much(text):
        return Markup("<pre>%s</pre>\n") % text
    return Markup(_cleaner().clean(_parser().render(text)))  # noqa: S704  cleaned one call before


def excerpt(source: str, length: int) -> str:
    """Return the beginning of a Markdown text without its marks, at most `length` characters, on one line."""
    words = " ".join(_plain(_parser().parse(_storable(source[: length * 4])))).split()
    plain = " ".join(words)
    if len(plain) <= length:
        return plain
    cut = plain[:length].rstrip()
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip() + "…"


def _storable(source: str) -> str:
    # Lone surrogates and NUL can stand in a JSON string but in no page and no database.
    return source.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _is_too_much(text: str) -> bool:
    return len(text) > LONGEST or text.count("[") > MOST_BRACKETS


@cache
def _parser() -> MarkdownIt:
    options = {"html": False, "linkify": True, "breaks": True, "maxNesting": DEEPEST}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough", "linkify"])
    cast("Any", parser.linkify).set({"fuzzy_link": False})  # "run.py" is a file, not a site in Paraguay
    parser.core.ruler.push("tame", _tame)
    return parser


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_INLINE | _BLOCKS | _TABLE,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow ugc",
    )


def _tame(state: StateCore) -> None:
    """Give the parsed text the shape this product shows: no pictures, lower headings, no style attribute."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + HEADING_SHIFT, 6)}"
        elif token.type in {"th_open", "td_open"}:
            _align(token)
        elif token.type == "inline":
            token.children = list(_without_pictures(token.children or ()))


def _align(cell: Token) -> None:
    # The parser writes a style attribute, which the content security policy forbids.
    style = cell.attrs.pop("style", None)
    if style and (aligned := _ALIGNED.fullmatch(str(style))):
        cell.attrs["align"] = aligned[1]


def _without_pictures(tokens: Iterable[Token]) -> Iterator[Token]:
    in_link = 0
    for token in tokens:
        in_link += token.nesting if token.type in {"link_open", "link_close"} else 0
        if token.type != "image":
            yield token
        elif in_link:
            yield Token("text", "", 0, content=_picture_text(token))
        else:
            yield Token("link_open", "a", 1, attrs={"href": token.attrs["src"]})
            yield Token("text", "", 0, content=_picture_text(token))
            yield Token("link_close", "a", -1)


def _picture_text(picture: Token) -> str:
    return "".join(_plain(picture.children or ())).strip() or str(picture.attrs["src"])


def _plain(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children is not None:
            yield "".join(_plain(token.children))
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "
        else:
            yield token.content
