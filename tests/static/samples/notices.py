"""Questions, differences and notices."""

from __future__ import annotations

from app.generate.pages import Action, Cell, ConfirmPage, ConflictPage, Crumb, Difference, NoticePage
from tests.static.samples.desk import TEAMS, ago


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
