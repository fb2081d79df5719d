"""The knowledge base."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Api, Can, Choice, Desk, Grant, Menu, Resource, Role, ui
from app.core.i18n import _
from app.models.base import (
    Record,
    Stamped,
    choice,
    employee_link,
    folded,
    json_list,
    long_text,
    ordered,
    short_text,
)
from app.models.people import Employee


class ArticleState(Choice):
    """Who may read an article."""

    DRAFT = "draft", _("Draft")
    INTERNAL = "internal", _("Internal")
    PUBLIC = "public", _("Public")
    ARCHIVED = "archived", _("Archived")


class Article(Record, Stamped):
    """One answer in the knowledge base, in Markdown."""

    __tablename__ = "kb_articles"
    __table_args__: Any = (*folded("kb_articles", "title", "content"), *ordered("kb_articles", "title"))

    title: Mapped[short_text] = mapped_column(info=ui(_("Title")))
    content: Mapped[long_text] = mapped_column(info=ui(_("Text"), markdown=True))
    tags: Mapped[json_list] = mapped_column(info=ui(_("Tags"), tags=True))
    created_by: Mapped[int | None] = employee_link(info=ui(_("Written by"), _("Empty for the system.")))
    slug: Mapped[str] = mapped_column(String(220), unique=True, default="", info=ui(_("Address")))
    state: Mapped[ArticleState] = mapped_column(
        choice(ArticleState), default=ArticleState.DRAFT, server_default="draft", info=ui(_("State"))
    )
    language: Mapped[str | None] = mapped_column(String(12), info=ui(_("Language")))
    section: Mapped[str | None] = mapped_column(String(100), index=True, info=ui(_("Section")))

    author: Mapped[Employee | None] = relationship(viewonly=True)

    resource = Resource(
        title=_("Article"), plural=_("Articles"), new=_("New article"), desk=Desk.MANAGE, menu=Menu.ANSWERS, icon="book-open",
        columns=("title", "state", "section", "language", "author.name", "updated_at"),
        show=("title", "slug", "state", "section", "language", "tags", "content", "author.name", "created_at", "updated_at"),
        form=("title", "content", "section", "tags", "language", "state"),
        search=("title", "content"), filters=("state", "section", "language", "tags"), order="title",
        allow={
            Role.ADMIN: Grant(Can.ALL),
            Role.SUPERVISOR: Grant(Can.ALL),
            Role.AGENT: Grant(Can.READ | Can.ADD | Can.EDIT),
        },
        audit=("title", "state", "section", "language", "tags"), events=True, service="articles",
        api=Api(
            show=("id", "title", "content", "tags", "slug", "state", "language", "section", "created_by", "created_at", "updated_at"),
            write=("title", "content", "tags", "state", "language", "section"),
        ),
    )  # fmt: skip
