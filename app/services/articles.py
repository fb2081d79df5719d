"""Articles: each has an address of its own, made once from its title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import chain, count
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.core.errors import each
from app.models.articles import Article, ArticleState
from app.record import emit, expect, flush, together
from app.services import plain
from app.services.asking import fill

LOCK = 724004
"""The advisory lock under which addresses are given out, so that two titles alike never meet."""

ACCENTS = re.compile("[\u0300-\u036f]")
"""Marks on Latin, Greek and Cyrillic letters; those of other scripts make other letters."""

NUMBER = "-[0-9]+$"
"""What makes an address another one, in PostgreSQL's regular expressions."""

LONGEST = 200
"""Characters of an address, before the number that makes it unique."""


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Article:
    """Add an article, written by the actor. Raises NotFound, Invalid."""
    return add_all(session, actor, [values])[0]


def add_all(session: Session, actor: Actor, many: Sequence[dict[str, Any]]) -> list[Article]:
    """Add articles together, all or none. Raises as `add` does."""
    require(actor, Can.ADD, Article)

    def written(values: dict[str, Any]) -> Article:
        article = Article(created_by=actor.id if actor.is_employee else None)
        fill(session, article, values)
        return article

    articles = each(many, written)
    wanted = [slug(article.title or "") for article in articles]
    for article, address in zip(articles, _free(session, wanted), strict=True):
        article.slug = address
    session.add_all(articles)
    with together(session):
        flush(session)
        for article in articles:
            _tell(session, article, before=None)
    return articles


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


def _free(session: Session, wanted: Sequence[str]) -> list[str]:
    """Return an address for each that is wanted, with a number where it is taken, by one of them even."""
    connection = session.connection()
    connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    bare = func.regexp_replace(Article.slug, NUMBER, "")
    alike = or_(Article.slug.in_(set(wanted)), bare.in_(set(wanted)))
    taken = set(connection.scalars(select(Article.slug).where(alike)))
    given = []
    for one in wanted:
        numbered = (f"{one}-{number}" for number in count(2))
        name = next(name for name in chain((one,), numbered) if name not in taken)
        taken.add(name)
        given.append(name)
    return given


def _tell(session: Session, article: Article, before: ArticleState | None) -> None:
    if article.state is ArticleState.PUBLIC and before is not ArticleState.PUBLIC:
        emit(session, "ARTICLE_PUBLISHED", article)
