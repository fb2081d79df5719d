"""The start, the theme, and the palette."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.views.home.conftest import Enter


def test_everyone_is_led_to_their_place(app: Flask, enter: Enter) -> None:
    assert app.test_client().get("/").headers["Location"] == "/portal/"
    assert enter("mara").get("/").headers["Location"] == "/inbox/"
    assert "Nothing is open to you yet" in enter("wim").get("/").text


def test_the_theme_is_remembered_and_nothing_else(enter: Enter) -> None:
    mara = enter("mara")
    answer = mara.post("/theme", data={"theme": "dark"}, headers={"Referer": "https://evil.example/"})
    assert answer.headers["Location"] == "/"
    assert 'data-theme="dark"' in mara.get("/inbox/mine/").text
    mara.post("/theme", data={"theme": "<script>"})
    assert 'data-theme="dark"' in mara.get("/inbox/mine/").text


@pytest.mark.parametrize(
    ("words", "finds", "hides"),
    [
        ("", "My inbox", "Zebra crossing"),
        ("inbox", "My inbox", "Unassigned"),
        ("zebra", "Zebra crossing", "My inbox"),
        ("zimm", "Zoe Zimmer", "Zebra crossing"),
        ("zebra\0", "Zebra crossing", "My inbox"),
    ],
)
def test_the_palette_finds_places_and_rows(enter: Enter, words: str, finds: str, hides: str) -> None:
    found = enter("mara").get("/palette", query_string={"q": words}, headers={"HX-Request": "true"})
    assert found.status_code == 200
    assert finds in found.text
    assert hides not in found.text


def test_the_palette_shows_only_what_one_may_see(app: Flask, enter: Enter) -> None:
    assert "Zoe" not in enter("wim").get("/palette?q=zimmer").text
    assert app.test_client().get("/palette?q=zimmer").headers["Location"].startswith("/login/")
