"""Articles: an address each, their writer, and a word to subscribers when one is published."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.errors import NotFound
from app.models.articles import Article, ArticleState
from app.models.webhooks import Event
from app.services import articles


def add(session: Session, title: str = "Pay later", actor: Any = SYSTEM, **values: Any) -> Article:
    return articles.add(session, actor, {"title": title, "content": "…"} | values)


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("Pay later", "pay-later"),
        ("  Größe & Maß: wie?  ", "grosse-mass-wie"),
        ("Éléphant_rose", "elephant-rose"),
        ("がぎぐ 日本語", "がぎぐ-日本語"),
        ("!?", "article"),
        ("x" * 300, "x" * articles.LONGEST),
    ],
)
def test_the_address_of_a_title(title: str, address: str) -> None:
    assert articles.slug(title) == address


def test_no_two_have_the_same_address(session: Session) -> None:
    assert [add(session).slug for _copy in range(3)] == ["pay-later", "pay-later-2", "pay-later-3"]
    assert add(session, "Pay").slug == "pay"


def test_the_address_stays_when_the_title_changes(session: Session) -> None:
    article = add(session)
    articles.edit(session, SYSTEM, article, {"title": "Pay never"})
    assert (article.title, article.slug) == ("Pay never", "pay-later")


def test_who_wrote_it(session: Session, desk: Any) -> None:
    person = desk.employee()
    assert add(session, actor=desk.as_employee(person)).created_by == person.id
    desk.act(SYSTEM)
    assert add(session).created_by is None


def published(session: Session) -> int:
    return len(session.scalars(select(Event.id).where(Event.event_type == "ARTICLE_PUBLISHED")).all())


def test_publishing_is_told_once(session: Session) -> None:
    article = add(session)
    assert published(session) == 0
    articles.edit(session, SYSTEM, article, {"state": ArticleState.PUBLIC})
    articles.edit(session, SYSTEM, article, {"title": "Pay now"})
    assert published(session) == 1
    add(session, state=ArticleState.PUBLIC)
    assert published(session) == 2


def test_an_agent_writes_but_does_not_delete(session: Session, desk: Any) -> None:
    article = add(session)
    agent = desk.as_employee(desk.employee())
    articles.edit(session, agent, article, {"title": "New"})
    with pytest.raises(NotFound):
        articles.delete(session, agent, article)
