"""The page of a team."""

from __future__ import annotations

import datetime as dt

from app.generate.pages import (
    Action,
    Cell,
    Change,
    Column,
    Entry,
    Fact,
    History,
    ListPage,
    Row,
    Section,
    ShowPage,
    Tab,
)
from app.generate.parts import Show
from tests.static.samples.desk import NOTHING, TEAMS, ago


def facts() -> tuple[Section, ...]:
    """Return the facts of a team."""
    return (
        Section(
            title="Details",
            facts=(
                Fact(label="Name", cell=Cell(text="Billing Support")),
                Fact(label="E-mail", cell=Cell(kind=Show.EMAIL, text="billing@northwind.example")),
                Fact(label="Assignment", cell=Cell(text="Skill, then least busy")),
                Fact(label="Active", cell=Cell(kind=Show.BOOLEAN, value=True)),
                Fact(label="Lead", cell=Cell(kind=Show.PERSON, text="Mara Klein", url="/show")),
                Fact(label="Business hours", cell=Cell()),
                Fact(label="Created", cell=Cell(kind=Show.TIME, value=ago(days=40))),
                Fact(label="Updated", cell=Cell(kind=Show.TIME, value=ago(hours=2))),
                Fact(
                    label="Description",
                    wide=True,
                    cell=Cell(
                        kind=Show.LONG_TEXT,
                        text="Invoices, refunds and payment methods.\nTalks to Finance every morning.",
                    ),
                ),
            ),
        ),
        Section(
            title="Routing",
            facts=(
                Fact(
                    label="Criteria",
                    wide=True,
                    cell=Cell(
                        kind=Show.JSON,
                        value={"all": [{"field": "tags", "op": "contains", "value": "billing"}]},
                    ),
                ),
            ),
        ),
    )


ACTIONS = (
    Action(label="Edit", url="/form", icon="pencil", key="e"),
    Action(
        label="Delete",
        url="/confirm",
        method="post",
        icon="trash-2",
        danger=True,
        confirm="Delete the team Billing Support?",
    ),
    Action(label="Duplicate", url="/form", icon="copy"),
)


def show() -> ShowPage:
    """Return a page of a team with its members."""
    members = ListPage(
        title="Members",
        url="/show",
        searchable=False,
        columns=(
            Column(name="name", label="Name"),
            Column(name="role", label="Role in team"),
            Column(name="since", label="Since"),
        ),
        rows=tuple(
            Row(
                id=name,
                label=name,
                url="/show",
                cells=(
                    Cell(kind=Show.PERSON, text=name),
                    Cell(kind=Show.BADGE, text=role, value=look),
                    Cell(kind=Show.DATE, value=dt.date(2026, 3, 4)),
                ),
            )
            for name, role, look in (
                ("Mara Klein", "Lead", "accent"),
                ("Tom Okafor", "Agent", ""),
                ("Ada Admin", "Agent", ""),
            )
        ),
        empty=NOTHING,
        counted="3",
    )
    return ShowPage(
        title="Billing Support",
        subtitle="3 members · 17 open tickets",
        badge=Cell(kind=Show.BADGE, text="Active", value="ok"),
        crumbs=(TEAMS,),
        facts=facts(),
        actions=ACTIONS,
        tabs=(
            Tab(label="Members", url="/show", count="3", current=True, body=members),
            Tab(label="Tickets", url="/show", count="400"),
            Tab(label="History", url="/show-history"),
        ),
    )


def show_history() -> ShowPage:
    """Return a page of a team with its history."""
    entries = (
        Entry(
            when=ago(minutes=12),
            who="Ada Admin",
            what="changed 2 fields",
            changes=(
                Change(
                    label="Assignment",
                    before=Cell(text="Round robin"),
                    after=Cell(text="Skill, then least busy"),
                ),
                Change(label="Business hours", before=Cell(), after=Cell(text="Berlin, 9–17")),
            ),
        ),
        Entry(
            when=ago(hours=5),
            who="Routing",
            what="assigned ticket #4812",
            source="Rule “Refunds”",
            url="/show",
        ),
        Entry(when=ago(days=40), who="Mara Klein", what="created this team", source="API"),
    )
    return ShowPage(
        title="Billing Support",
        crumbs=(TEAMS,),
        facts=facts()[:1],
        actions=ACTIONS,
        tabs=(
            Tab(label="Members", url="/show", count="3"),
            Tab(
                label="History",
                url="/show-history",
                current=True,
                body=History(entries=entries, empty=NOTHING),
            ),
        ),
    )
