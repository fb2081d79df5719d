"""How times and values read, and how static files are addressed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup

from app.core import clock
from app.generate import fragments, templating
from app.generate.assets import fingerprint
from app.generate.pages import Column, Row
from app.generate.parts import Cell, Option, Show
from tests.static import gallery

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def app() -> Iterator[Flask]:
    made = gallery.create()
    with clock.frozen(NOW), made.test_request_context("/"):
        yield made


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"),
        (59, "now"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (86399, "23h"),
        (86400, "1d"),
        (604799, "6d"),
        (604800, "Nov 15"),
        (40000000, "Aug 16, 2025"),
        (-7200, "in 2h"),
    ],
)
def test_relative(app: Flask, seconds: int, words: str) -> None:
    assert templating.relative(NOW - dt.timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(300, "5 Min."), (7200, "2 Std."), (86400, "1 Tg."), (604800, "15. Nov.")]
)
def test_relative_in_a_language_without_the_shortest_units(app: Flask, seconds: int, words: str) -> None:
    with force_locale("de"):
        assert templating.relative(NOW - dt.timedelta(seconds=seconds)) == words


def test_exact_is_to_the_minute(app: Flask) -> None:
    assert templating.exact(NOW).replace("\u202f", " ") == "Nov 22, 2026, 12:00 PM"


def test_values_as_json(app: Flask) -> None:
    assert templating.pretty({"b": 1, "a": "ä"}) == '{\n  "a": "ä",\n  "b": 1\n}'
    assert templating.compact(["x" * 100]) == '["' + "x" * 77 + "…"
    assert templating.picker_items((Option(value='"', label="<b>"),)) == '[{"value": "\\"", "text": "<b>"}]'
    assert templating.picker_items(None) == "[]"


@pytest.mark.parametrize(
    ("name", "letters"), [("Ada Admin", "AA"), ("Bob", "B"), ("", ""), ("Ana María de Souza", "AS")]
)
def test_initials(name: str, letters: str) -> None:
    assert templating.initials(name) == letters


def test_a_name_keeps_its_tint() -> None:
    assert templating.tone("Ada Admin") == templating.tone("Ada Admin")
    assert {templating.tone(str(n)) for n in range(50)} == set(range(templating.TONES))


def test_static_files_may_be_kept_only_under_the_present_version(app: Flask) -> None:
    url = app.jinja_env.globals["static"]("css/tokens.css")  # type: ignore[operator]
    client = app.test_client()
    with client.get(url) as kept, client.get("/assets/000000000000/css/tokens.css") as old:
        assert kept.status_code == 200
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert old.data == kept.data
        assert "immutable" not in old.headers["Cache-Control"]


def test_nothing_outside_the_static_folder_is_served(app: Flask) -> None:
    url = app.jinja_env.globals["static"]("css/tokens.css")  # type: ignore[operator]
    assert app.test_client().get(url.replace("css/tokens.css", "%2e%2e/models/base.py")).status_code == 404


def test_a_missing_static_file_is_found_out_at_once(app: Flask) -> None:
    with pytest.raises(FileNotFoundError):
        app.jinja_env.globals["static"]("css/nothing.css")  # type: ignore[operator]


def test_the_version_changes_with_names_and_contents(tmp_path: Path) -> None:
    folder = tmp_path
    seen = {fingerprint(folder)}
    (folder / "a").write_text("1")
    seen.add(fingerprint(folder))
    (folder / "a").write_text("2")
    seen.add(fingerprint(folder))
    (folder / "a").rename(folder / "b")
    seen.add(fingerprint(folder))
    assert len(seen) == 4


def test_a_piece_is_drawn_once_a_page() -> None:
    drawn: list[str] = []

    def macro(one: str, other: str) -> Markup:
        drawn.append(one)
        return Markup("<b>{}{}</b>").format(one, other)

    draw = fragments.kept(macro)
    first, second, after = "<x>", "<y>", "!"
    assert [draw(first, after), draw(second, after), draw(first, after)] == [
        "<b>&lt;x&gt;!</b>",
        "<b>&lt;y&gt;!</b>",
        "<b>&lt;x&gt;!</b>",
    ]
    assert drawn == [first, second]
    fragments.kept(macro)(first, after)  # another page draws anew: it may be another person's
    assert drawn == [first, second, first]


def test_a_shared_piece_says_what_is_the_rows_own() -> None:
    row = Row(id="7", label='__key__ "<x>"', cells=())
    drawn = fragments.of_row(Markup('<a href="/edit/__key__" title="__label__">'), row)
    assert drawn == Markup('<a href="/edit/7" title="__key__ &#34;&lt;x&gt;&#34;">')


def test_cells_that_look_alike_are_drawn_once_for_all_pages(app: Flask) -> None:
    """Not those of a time, nor those of other words; a text is none with the letters of markup."""
    drawn: list[object] = []

    def macro(label: str, numeric: bool, cell: Cell) -> Markup:
        drawn.append(cell.value)
        return Markup("<td>{}</td>").format(cell.text)

    column = Column(name="name", label="Name")
    made = [
        Cell(text="<b>", value=1),
        Cell(text=Markup("<b>"), value=2),
        Cell(text="<b>", value=True),
        Cell(kind=Show.TIME, text="now", value=3),
        Cell(kind=Show.TAGS, text="", value=["a list"]),
    ]
    page = fragments.steady(macro)
    first, second = (page()([column] * 5, made) for _page in range(2))
    assert first == second
    assert first.startswith("<td>&lt;b&gt;</td><td><b></td><td>&lt;b&gt;</td><td>now</td>")
    assert drawn == [1, 2, True, 3, ["a list"], 3, ["a list"]]
    with force_locale("de"):
        page()([column], made[:1])
    assert drawn[-1] == 1


def test_no_text_takes_the_place_of_a_moment() -> None:
    told = Markup("<b>{}</b><!--moment-->").format("<!--moment-->")
    assert fragments.at(told, Markup("<i>5m</i>")) == "<b>&lt;!--moment--&gt;</b><i>5m</i>"


def test_an_icon_that_points_turns_with_the_page(app: Flask) -> None:
    draw_icon = app.jinja_env.globals["draw_icon"]
    assert 'class="icon turns"' in draw_icon("reply")  # type: ignore[operator]
    assert 'class="icon"' in draw_icon("inbox")  # type: ignore[operator]
    with pytest.raises(KeyError):
        draw_icon("no-such-icon")  # type: ignore[operator]
