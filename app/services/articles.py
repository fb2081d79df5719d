"""Articles: each has an address of its own, made once from its title."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.models.articles import Article, ArticleState
from app.record import emit, expect, flush
from app.services import plain
from app.services.asking import fill

LOCK = 724004
"""The advisory lock under which addresses are given out, so that two titles alike never meet."""

ACCENTS = re.compile("[\u0300-\u036f]")
"""Marks on Latin, Greek and Cyrillic letters; those of other scripts make other letters."""

LONGEST = 200
"""Characters of an address, before the number that makes it unique."""


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Article:
    """Add an article, written by the actor. Raises NotFound, Invalid."""
    require(actor, Can.ADD, Article)
    article = Article(created_by=actor.id if actor.is_employee else None)
    fill(session, article, values)
    article.slug = _free(session, slug(article.title or ""))
    session.add(article)
    flush(session)
    _tell(session, article, before=None)
    return article


def edit(
    session: Session, actor: Actor, article: Article, values: dict[str, Any], expected: int | None = None
) -> Article:
    """Change an article; its address stays, because others link to it. Raises NotFound, Stale, Invalid."""
    require(actor, Can.EDIT, article)
    expect(article, expected)
    before = article.state
    fill(session, article, values)
    flush(session)
    _tell(session, article, before)
    return article


def delete(session: Session, actor: Actor, article: Article, expected: int | None = None) -> None:
    """Delete an article."""
    plain.delete(session, actor, article, expected)


def slug(title: str) -> str:
    """Return a title as an address: lower case, accents off, letters of any script, hyphens between words."""
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", title))
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare).casefold())
    return "-".join(words)[:LONGEST].rstrip("-") or "article"


def _free(session: Session, wanted: str) -> str:
    connection = session.connection()
    connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    alike = or_(Article.slug == wanted, Article.slug.startswith(f"{wanted}-", autoescape=True))
    taken = set(connection.scalars(select(Article.slug).where(alike)))
    number = 1
    while (name := wanted if number == 1 else f"{wanted}-{number}") in taken:
        number += 1
    return name


def _tell(session: Session, article: Article, before: ArticleState | None) -> None:
    if article.state is ArticleState.PUBLIC and before is not ArticleState.PUBLIC:
        emit(session, "ARTICLE_PUBLISHED", article)
