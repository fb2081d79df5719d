"""The peer: Flask-AppBuilder as it comes, with a view and an API over the same table, under the same server.

It keeps its users and permissions in a schema of its own. It validates nothing, routes nothing, writes no
history, no audit and no events: what it spends is the price of the framework alone.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Mapping
from typing import Any, ClassVar

import psycopg
from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelRestApi, ModelView
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.embedded.postgres import OWNER
from app.launch.web import serve
from bench.cluster import Place

SCHEMA = "stock"
LOGIN, PASSWORD = "admin", "frontdesk-demo"
PLACE: Any = {"schema": "public"}


class StockTeam(Model):
    """A team, as far as a list shows it."""

    __tablename__ = "teams"
    __table_args__ = PLACE
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))

    def __repr__(self) -> str:
        return self.name


class StockEmployee(Model):
    """An employee, as far as a list shows them."""

    __tablename__ = "employees"
    __table_args__ = PLACE
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))

    def __repr__(self) -> str:
        return self.name


class StockMessage(Model):
    """A message, as the API takes it."""

    __tablename__ = "ticket_messages"
    __table_args__ = PLACE
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(BigInteger)
    sender_type: Mapped[str] = mapped_column(String(40), default="employee")
    message_body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), default=now)


class StockTicket(Model):
    """A ticket with what a person would show of it."""

    __tablename__ = "tickets"
    __table_args__ = PLACE
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    category: Mapped[str | None] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(40), default="new")
    priority: Mapped[str] = mapped_column(String(40), default="medium")
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    custom_fields: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("public.teams.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("public.employees.id"))
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), default=now)
    last_activity_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), default=now)

    team: Mapped[StockTeam | None] = relationship()
    assignee: Mapped[StockEmployee | None] = relationship()


COLUMNS = ("title", "id", "status", "priority", "category", "team.name", "assignee.name", "created_at")
SEARCHED = ("title", "email", "status", "priority", "category", "created_at")
SAID = ("ticket_id", "message_body")
BESIDES = ("description", "email", "tags", "custom_fields", "updated_at")
WRITTEN = ("email", "title", "description", "category", "priority")


class TicketView(ModelView):
    """A list with search and paging, and a page for each row."""

    datamodel = SQLAInterface(StockTicket)
    route_base = "/tickets"
    list_columns: ClassVar = list(COLUMNS)
    page_size = 25
    base_order = ("created_at", "desc")
    search_columns: ClassVar = list(SEARCHED)


class TicketApi(ModelRestApi):
    """The same by REST."""

    datamodel = SQLAInterface(StockTicket)
    resource_name = "tickets"
    list_columns: ClassVar = list(COLUMNS + BESIDES)
    add_columns: ClassVar = list(WRITTEN)
    page_size = 50


class MessageApi(ModelRestApi):
    """Replies by REST."""

    datamodel = SQLAInterface(StockMessage)
    resource_name = "messages"
    add_columns: ClassVar = list(SAID)


def make(settings: Mapping[str, Any]) -> Flask:
    """Return the application, with its own tables and one administrator made if need be."""
    app = Flask("stock")
    app.config.update(
        SECRET_KEY=settings["SECRET_KEY"],
        SQLALCHEMY_DATABASE_URI=settings["DATABASE_URL"],
        SQLALCHEMY_ENGINE_OPTIONS={
            **settings["SQLALCHEMY_ENGINE_OPTIONS"],
            "connect_args": {"options": f"-csearch_path={SCHEMA},public"},
        },
        FAB_ADD_SECURITY_API=False,
    )
    db = SQLA(metadata=Model.metadata)
    db.init_app(app)
    with app.app_context():
        builder = AppBuilder(app, db.session)
        builder.add_view(TicketView, "Tickets", category="Desk")
        builder.add_api(TicketApi)
        builder.add_api(MessageApi)
        if not builder.sm.find_user(LOGIN):
            role = builder.sm.find_role("Admin")
            builder.sm.add_user(LOGIN, "Ada", "Admin", "admin@stock.example", role, password=PASSWORD)
        db.session.remove()
        db.engine.dispose()
    return app


def environment(place: Place) -> dict[str, str]:
    """Make the schema, and return what the environment says to the peer: it owns all it works on."""
    owner = place.servers.database(OWNER, place.database)
    with psycopg.connect(owner.replace("+psycopg", ""), autocommit=True) as session:
        session.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}".encode())
    return {**place.environment, "DATABASE_URL": owner}


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    serve(make)
