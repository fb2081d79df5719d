"""Lists of tickets."""

from __future__ import annotations

from app.generate.pages import (
    Action,
    Cell,
    Column,
    ColumnMenu,
    Empty,
    Filter,
    FilterMenu,
    ListPage,
    Option,
    Row,
)
from app.generate.parts import Show
from tests.static.samples.desk import NOTHING, TITLES, ago


def rows() -> tuple[Row, ...]:
    """Return twice the same tickets."""
    menu = (
        Action(label="Edit", url="/form", icon="pencil"),
        Action(label="Resolve", url="/done", method="post", icon="check"),
        Action(
            label="Delete",
            url="/confirm",
            method="post",
            icon="trash-2",
            danger=True,
            confirm="Delete this ticket?",
        ),
    )
    return tuple(
        Row(
            id=str(4812 - n * 8 - i),
            label=title,
            url="/show",
            cells=(
                Cell(text=title),
                Cell(text=str(4812 - n * 8 - i), kind=Show.NUMBER),
                Cell(kind=Show.STATUS, value=status),
                Cell(kind=Show.PRIORITY, value=priority),
                Cell(kind=Show.PERSON, text=who),
                Cell(kind=Show.PERSON, text=agent),
                Cell(kind=Show.TAGS, value=tags),
                Cell(kind=Show.TIME, value=ago(hours=3.1 * (n * 8 + i) + 0.2)),
            ),
            menu=menu,
        )
        for n in range(2)
        for i, (title, who, status, priority, agent, tags) in enumerate(TITLES)
    )


def full_list() -> ListPage:
    """Return a list with everything."""
    return ListPage(
        title="Tickets",
        url="/list",
        columns=(
            Column(name="title", label="Subject", sort_url="/list?sort=title"),
            Column(name="id", label="Number", sort_url="/list?sort=id", numeric=True),
            Column(name="status", label="Status", sort_url="/list?sort=status"),
            Column(name="priority", label="Priority", sort_url="/list?sort=priority"),
            Column(name="requester", label="Requester"),
            Column(name="assignee", label="Assignee"),
            Column(name="tags", label="Tags"),
            Column(name="created_at", label="Created", sort_url="/list?sort=created_at", direction="desc"),
        ),
        rows=rows(),
        empty=NOTHING,
        filters=(Filter(name="team", label="Team", operator="is", text="Billing", remove_url="/list"),),
        offers=FilterMenu(
            (
                Filter(
                    name="status",
                    label="Status",
                    kind="select",
                    operators=(Option(value="one_of", label="is one of"),),
                    options=tuple(
                        Option(value=v, label=v.title()) for v in ("new", "open", "pending", "resolved")
                    ),
                ),
                Filter(
                    name="created_at",
                    label="Created",
                    kind="date",
                    operators=(
                        Option(value="gte", label="on or after"),
                        Option(value="lte", label="on or before"),
                    ),
                ),
                Filter(name="assignee", label="Assignee", kind="reference", picker_url="/picker"),
            )
        ),
        clear_url="/list",
        counted="1–16 of 400",
        next_url="/list?after=4788",
        sizes=tuple(Action(label=str(n), url=f"/list?size={n}") for n in (25, 50, 100)),
        add=Action(label="New ticket", url="/form", icon="plus", primary=True, key="c"),
        exports=(
            Action(label="CSV", url="/x", icon="file-text"),
            Action(label="Excel", url="/x", icon="file-text"),
        ),
        columns_menu=ColumnMenu(
            tuple(
                Option(value=n, label=n.title(), selected=n != "source")
                for n in ("title", "status", "source")
            )
        ),
        bulk=(
            Action(label="Resolve", url="/done", method="post", icon="check"),
            Action(
                label="Delete",
                url="/done",
                method="post",
                icon="trash-2",
                danger=True,
                confirm="Delete these tickets?",
            ),
        ),
    )


def empty_list() -> ListPage:
    """Return a list without rows."""
    return ListPage(
        title="Macros",
        url="/list-empty",
        columns=(Column(name="title", label="Title"),),
        rows=(),
        empty=Empty(
            title="No macros yet",
            text="A macro is an answer you write once and reuse. Agents insert it with / in a reply.",
            action=Action(label="New macro", url="/form", icon="plus", primary=True),
            icon="zap",
        ),
    )
