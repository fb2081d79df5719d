"""Made-up pages of a desk, for the gallery."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from app.core import clock
from app.generate.frame import NavGroup, NavItem
from app.generate.pages import (
    Action,
    Cell,
    Change,
    Column,
    ConfirmPage,
    ConflictPage,
    Crumb,
    Difference,
    Empty,
    Entry,
    Fact,
    FieldError,
    Filter,
    FormField,
    FormPage,
    FormSection,
    History,
    Inline,
    InlineRow,
    ListPage,
    NoticePage,
    Option,
    Row,
    Section,
    ShowPage,
    Tab,
)
from app.generate.parts import Show

ROOT = Path(__file__).resolve().parents[2]
NOW = clock.now()
TEAMS = Crumb(label="Teams", url="/list")
NOTHING = Empty(title="No tickets yet", text="Requests appear here as soon as a customer writes in.")

NAVIGATION = (
    NavGroup(
        None,
        [
            NavItem(label="My inbox", url="/x", icon="inbox", count="8", key="i"),
            NavItem(label="Unassigned", url="/inbox", icon="users", count="42", key="u"),
            NavItem(label="Mentions", url="/x", icon="at-sign", count="3", key="m"),
            NavItem(label="Drafts", url="/x", icon="pencil", count="2", key="d"),
        ],
    ),
    NavGroup(
        "Team views",
        [
            NavItem(label="Due soon", url="/x", icon="flame", count="5", urgent=True),
            NavItem(label="Billing", url="/x", icon="tag", count="17"),
        ],
    ),
    NavGroup(
        "Workspace",
        [
            NavItem(label="Tickets", url="/list", icon="layers"),
            NavItem(label="Knowledge base", url="/x", icon="book-open"),
            NavItem(label="Routing rules", url="/x", icon="route"),
            NavItem(label="Reports", url="/x", icon="chart-no-axes-column"),
            NavItem(label="Settings", url="/x", icon="settings", key="s"),
        ],
    ),
)
CUSTOMER_NAVIGATION = (
    NavGroup(
        None,
        [
            NavItem(label="My requests", url="/portal", icon="inbox", current=True),
            NavItem(label="Help", url="/x", icon="info"),
        ],
    ),
)

TITLES = (
    ("Cannot log in after password reset", "Lena Fischer", "new", "urgent", "Mara Klein", ["login"]),
    ("Refund for order 20731", "Bob Smith", "open", "high", "", ["refund", "card"]),
    ("Invoice shows wrong VAT number", "Priya Nair", "open", "medium", "Tom Okafor", ["invoice"]),
    ("SSO: SAML assertion rejected", "Globex IT", "pending", "high", "Ada Admin", ["sso", "enterprise"]),
    ("App crashes on start (Android 15)", "Jonas Weber", "open", "medium", "Tom Okafor", ["mobile"]),
    ("Question about the team plan", "Maria Lopez", "new", "low", "", []),
    ("Change e-mail address", "Hugo Martin", "resolved", "low", "Mara Klein", ["account"]),
    (
        "Feature request: dark mode for the exported weekly summary of everything",
        "Fatima Zahra",
        "closed",
        "low",
        "Ada Admin",
        [],
    ),
)


def ago(**span: float) -> dt.datetime:
    """Return a moment in the past."""
    return NOW - dt.timedelta(**span)


def rows() -> tuple[Row, ...]:
    """Return three times the same tickets."""
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
        for n in range(3)
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
        filters=(
            Filter(name="team", label="Team", operator="is", text="Billing", remove_url="/list"),
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
        ),
        clear_url="/list",
        counted="1–24 of 400",
        next_url="/list?after=4788",
        sizes=tuple(Action(label=str(n), url=f"/list?size={n}") for n in (25, 50, 100)),
        add=Action(label="New ticket", url="/form", icon="plus", primary=True, key="c"),
        exports=(
            Action(label="CSV", url="/x", icon="file-text"),
            Action(label="Excel", url="/x", icon="file-text"),
        ),
        columns_menu=tuple(
            Option(value=n, label=n.title(), selected=n != "source") for n in ("title", "status", "source")
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
                        text="Invoices, refunds and payment methods.\nTalks to Finance every morning at nine.",
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


def member(key: str, name: str, who: str) -> InlineRow:
    """Return a row of the members of a team."""
    return InlineRow(
        fields=(
            FormField(
                name=f"members-{key}-employee",
                kind="reference",
                label="Employee",
                value=who,
                picker_url="/picker",
                options=(Option(value=who, label=name),) if who else (),
            ),
            FormField(
                name=f"members-{key}-role",
                kind="select",
                label="Role in team",
                value="agent",
                required=True,
                options=(Option(value="agent", label="Agent"), Option(value="lead", label="Lead")),
            ),
        ),
        delete_name=f"members-{key}-delete" if who else None,
    )


def form(errors: bool = False) -> FormPage:
    """Return a form with every kind of field."""
    said = ("Write a name; it is how agents will find this team.",) if errors else ()
    return FormPage(
        title="Billing Support",
        subtitle="Team",
        crumbs=(TEAMS,),
        sections=(
            FormSection(
                title="Details",
                text="What people see when they pick this team.",
                fields=(
                    FormField(
                        name="name",
                        kind="text",
                        label="Name",
                        value="" if errors else "Billing Support",
                        required=True,
                        errors=said,
                    ),
                    FormField(
                        name="email",
                        kind="email",
                        label="E-mail",
                        value="billing@northwind",
                        help="Replies of this team are sent from here.",
                        errors=("This is not an e-mail address: something like name@example.com is.",)
                        if errors
                        else (),
                    ),
                    FormField(
                        name="description",
                        kind="long_text",
                        label="Description",
                        value="Invoices, refunds and payment methods.",
                    ),
                    FormField(
                        name="kind",
                        kind="select",
                        label="Assignment",
                        value="skill",
                        required=True,
                        options=(
                            Option(value="round", label="Round robin"),
                            Option(value="skill", label="Skill, then least busy"),
                        ),
                    ),
                    FormField(
                        name="is_active",
                        kind="boolean",
                        label="Takes new tickets",
                        value=True,
                        help="Off keeps its open tickets.",
                    ),
                ),
            ),
            FormSection(
                title="Everything else",
                fields=(
                    FormField(name="capacity", kind="integer", label="Tickets per agent", value="12"),
                    FormField(name="since", kind="date", label="Founded", value="2026-03-04"),
                    FormField(
                        name="lead",
                        kind="reference",
                        label="Lead",
                        value="2",
                        picker_url="/picker",
                        options=(Option(value="2", label="Mara Klein"),),
                    ),
                    FormField(name="tags", kind="tags", label="Tags", value=["billing", "refund"]),
                    FormField(
                        name="languages",
                        kind="multi_select",
                        label="Languages",
                        value=["de"],
                        options=(Option(value="en", label="English"), Option(value="de", label="German")),
                    ),
                    FormField(name="rules", kind="json", label="Criteria", value='{\n  "all": []\n}'),
                    FormField(
                        name="created", kind="text", label="Created by", value="Ada Admin", readonly=True
                    ),
                ),
            ),
        ),
        inlines=(
            Inline(
                name="members",
                title="Members",
                help="Agents work in every team they belong to.",
                rows=(member("0", "Mara Klein", "2"), member("1", "Tom Okafor", "3")),
                blank=member("__key__", "", ""),
                add_label="Add a member",
            ),
        ),
        action_url="/form",
        submit_label="Save team",
        cancel_url="/show",
        version=3,
        errors=(
            FieldError(field="name", message=said[0]),
            FieldError(field="email", message="This is not an e-mail address."),
        )
        if errors
        else (),
    )


def form_with_errors() -> FormPage:
    """Return the form as it comes back."""
    return form(errors=True)


def confirm() -> ConfirmPage:
    """Return a question."""
    return ConfirmPage(
        title="Delete",
        question="Delete the team Billing Support?",
        consequences=(
            "Its 17 open tickets become unassigned.",
            "Two routing rules that name it stop matching.",
        ),
        action_url="/done",
        submit_label="Delete team",
        cancel_url="/show",
        crumbs=(TEAMS, Crumb(label="Billing Support", url="/show")),
    )


def conflict() -> ConflictPage:
    """Return two differences."""
    return ConflictPage(
        title="Billing Support",
        crumbs=(TEAMS,),
        changed_by="Mara Klein",
        changed_at=ago(minutes=3),
        version=4,
        action_url="/conflict",
        cancel_url="/show",
        hidden=(("name", "Billing"),),
        differences=(
            Difference(
                field_name="name",
                label="Name",
                base=Cell(text="Billing Support"),
                mine=Cell(text="Billing"),
                theirs=Cell(text="Billing and refunds"),
            ),
            Difference(
                field_name="description",
                label="Description",
                base=Cell(text="Invoices."),
                mine=Cell(text="Invoices, refunds and payment methods. Talks to Finance every morning."),
                theirs=Cell(text="Invoices and refunds."),
            ),
        ),
    )


def login() -> FormPage:
    """Return a sign-in that failed."""
    return FormPage(
        title="Sign in",
        subtitle="For employees of Northwind Support",
        sections=(
            FormSection(
                title="",
                fields=(
                    FormField(
                        name="email",
                        kind="email",
                        label="E-mail",
                        value="ada@example.com",
                        required=True,
                        attributes={"autocomplete": "username"},
                    ),
                    FormField(
                        name="password",
                        kind="password",
                        label="Password",
                        required=True,
                        attributes={"autocomplete": "current-password"},
                    ),
                ),
            ),
        ),
        action_url="/login",
        submit_label="Sign in",
        errors=(FieldError(field="", message="E-mail and password do not match. Check both and try again."),),
        links=(
            Action(label="Forgot your password?", url="/link-sent"),
            Action(label="I am a customer", url="/portal"),
        ),
    )


def set_password() -> FormPage:
    """Return the form of a reset link."""
    return FormPage(
        title="Choose a password",
        subtitle="ada@example.com",
        sections=(
            FormSection(
                title="",
                fields=(
                    FormField(
                        name="password",
                        kind="password",
                        label="New password",
                        required=True,
                        attributes={"autocomplete": "new-password"},
                    ),
                ),
            ),
        ),
        action_url="/login",
        submit_label="Save and sign in",
    )


def link_sent() -> NoticePage:
    """Return good news."""
    return NoticePage(
        title="Check your mail",
        text="If ada@example.com has an account, a link is on its way. It works once, for 15 minutes.",
        icon="mail",
        action=Action(label="Back to sign-in", url="/login"),
    )


def error() -> NoticePage:
    """Return an error."""
    return NoticePage(
        title="This page does not exist",
        text="It may have been removed, or you may not have access to it.",
        code=404,
        icon="circle-help",
        action=Action(label="Go to the start page", url="/", primary=True),
        request_id="01JD4Q8M2K",
    )
