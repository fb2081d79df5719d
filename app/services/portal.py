"""What customers read in the portal: public articles, and the public side of their own requests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session, load_only

from app.access import Actor, visible
from app.adapters import markdown
from app.core.errors import NotFound
from app.models.articles import Article, ArticleState
from app.models.messages import Message, SenderType
from app.models.people import Employee
from app.models.tickets import Ticket

PUBLIC = Article.state == ArticleState.PUBLIC
MOST_WORDS = 8
"""Words of a search that count."""
TELLING = 4
"""Letters from which on a word of a subject says what it is about."""
MOST_MESSAGES = 500
"""Messages of one conversation that are shown: the newest."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the knowledge base, and how many public articles stand under it."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Said:
    """One public message; `name` is the employee's, None where the customer or the desk itself speaks."""

    message: Message
    name: str | None

    @property
    def html(self) -> Markup:
        """Return what was said, as it was cleaned when it was written."""
        kept = self.message.body_html
        return markdown.render(self.message.message_body) if kept is None else Markup(kept)  # noqa: S704


def sections(session: Session) -> list[Section]:
    """Return the headings with public articles, in alphabetical order."""
    name = func.coalesce(Article.section, "")
    found = session.execute(select(name, func.count()).where(PUBLIC).group_by(name).order_by(name))
    return [Section(title, count) for title, count in found if title]


def articles(session: Session, *, section: str | None = None, limit: int = 200) -> list[Article]:
    """Return public articles without their texts, those of one `section` if given."""
    statement = select(Article).where(PUBLIC).options(_heads()).order_by(Article.section, Article.title)
    if section is not None:
        statement = statement.where(Article.section == section)
    return list(session.scalars(statement.limit(limit)))


def found(session: Session, words: str, limit: int = 20) -> list[Article]:
    """Return the public articles in which every word, or the beginning of one, stands; the best first."""
    return _ranked(session, " & ".join(f"{word}:*" for word in _words(words)), limit)


def hints(session: Session, subject: str, limit: int = 3) -> list[Article]:
    """Return public articles that may answer a request: any telling word of its subject counts."""
    telling = [word for word in _words(subject) if len(word) >= TELLING]
    return _ranked(session, " | ".join(f"{word}:*" for word in telling), limit)


def article(session: Session, slug: str) -> Article:
    """Return a public article. Raises NotFound."""
    one: Article | None = session.scalar(select(Article).where(PUBLIC, Article.slug == slug))
    if one is None:
        raise NotFound
    return one


def ticket(session: Session, actor: Actor, number: int) -> Ticket:
    """Return a request the actor may see. Raises NotFound."""
    own = select(Ticket).where(Ticket.id == number, visible(actor, Ticket))
    one: Ticket | None = session.scalar(own)
    if one is None:
        raise NotFound
    return one


def conversation(session: Session, actor: Actor, one: Ticket) -> list[Said]:
    """Return what the actor may read of the conversation, oldest first: never an internal note."""
    statement = (
        select(Message, Employee.name)
        .outerjoin(
            Employee, (Message.sender_id == Employee.id) & (Message.sender_type == SenderType.EMPLOYEE)
        )
        .where(Message.ticket_id == one.id, Message.is_internal.is_(False), visible(actor, Message))
        .order_by(Message.id.desc())
        .limit(MOST_MESSAGES)
    )
    said = [Said(message, name) for message, name in session.execute(statement)]
    return sorted(said, key=lambda one: (one.message.created_at, one.message.id))


def _ranked(session: Session, query: str, limit: int) -> list[Article]:
    if not query:
        return []
    wanted = func.to_tsquery("simple", func.frontdesk_unaccent(query))
    title, text = _vector(Article.title, "A"), _vector(Article.content, "D")
    whole: ColumnElement[Any] = title.op("||")(text)
    statement = select(Article).where(PUBLIC, whole.op("@@")(wanted)).options(_heads())
    return list(
        session.scalars(statement.order_by(func.ts_rank(whole, wanted).desc(), Article.id).limit(limit))
    )


def _vector(column: Any, weight: str) -> ColumnElement[Any]:
    words = func.to_tsvector("simple", func.frontdesk_unaccent(column))
    weighted: ColumnElement[Any] = func.setweight(words, literal_column(f"'{weight}'"))
    return weighted


def _words(text: str) -> list[str]:
    """Return the first words of a text: letters and digits only, so that they mean nothing to a query."""
    return re.findall(r"[^\W_]+", text[:400])[:MOST_WORDS]


def _heads() -> Any:
    return load_only(Article.title, Article.slug, Article.section, Article.updated_at)
