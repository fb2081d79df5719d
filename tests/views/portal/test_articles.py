"""Articles: the public ones, found by words and topics; the others are not there."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

FIRST, SECOND = "Refunds take a week", "Track your parcel"


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("", [FIRST, SECOND], []),
        ("?section=Billing", [FIRST], [SECOND]),
        ("?q=REFUNDS", [FIRST], [SECOND]),
        ("?q=refu", [FIRST], [SECOND]),
        ("?q=refunds+week", [FIRST], [SECOND]),
        ("?q=refunds+parcel", [], [FIRST, SECOND]),
        ("?q=calm", [FIRST, SECOND], []),
        ("?q=secret", [], [FIRST, SECOND]),
        ("?q='+:*+!+%26+|+(", [], [FIRST, SECOND]),
        ("?section=%00", [FIRST, SECOND], []),
    ],
)
def test_articles_are_found(visitor: FlaskClient, query: str, shown: list[str], hidden: list[str]) -> None:
    answer = visitor.get(f"/portal/articles/{query}")
    assert answer.status_code == 200
    assert all(title in answer.text for title in shown)
    assert not any(title in answer.text for title in [*hidden, "Refund limits", "Refund draft"])


def test_an_article_is_shown_as_html(visitor: FlaskClient) -> None:
    assert "<strong>calm</strong>" in visitor.get("/portal/articles/refunds").text


@pytest.mark.parametrize("slug", ["limits", "draft", "nowhere"])
def test_what_is_not_public_is_not_there(visitor: FlaskClient, bob: FlaskClient, slug: str) -> None:
    assert [client.get(f"/portal/articles/{slug}").status_code for client in (visitor, bob)] == [404, 404]


@pytest.mark.parametrize(
    ("typed", "hinted"),
    [("My refunds are late", True), ("to be or", False), ("", False), ("Refund draft", True)],
)
def test_a_subject_is_met_with_hints(visitor: FlaskClient, typed: str, hinted: bool) -> None:
    html = visitor.get("/portal/new/hints", query_string={"title": typed}).text
    assert ("/portal/articles/refunds" in html) is hinted
    assert "/portal/articles/draft" not in html


def test_topics_are_counted(visitor: FlaskClient) -> None:
    html = visitor.get("/portal/").text
    assert "/portal/articles/?section=Billing" in html
    assert "Inside" not in html
