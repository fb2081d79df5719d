"""Forms with every kind of field."""

from __future__ import annotations

from app.generate.pages import (
    Action,
    FieldError,
    FormField,
    FormPage,
    FormSection,
    Inline,
    InlineRow,
    Line,
    LineSet,
    Option,
)
from tests.static.samples.desk import TEAMS


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


def option(key: str, *values: str) -> Line:
    """Return an option of a list: value, label and colour."""
    value, label, colour = values or ("", "", "")
    return Line(
        key=key,
        label=f"Option {key}",
        parts=(
            FormField(name=f"options.{key}.value", kind="text", label="Value", value=value, required=True),
            FormField(name=f"options.{key}.label", kind="text", label="Label", value=label),
            FormField(
                name=f"options.{key}.colour",
                kind="colour",
                label="Colour",
                value=colour,
                options=(Option(value="ok", label="Green"), Option(value="danger", label="Red")),
            ),
        ),
    )


OPTIONS = FormField(
    name="options",
    kind="lines",
    label="Options",
    help="What may be chosen.",
    value=LineSet(
        lines=(option("0", "free", "", ""), option("1", "pro", "Professional", "ok")),
        blanks=(option("__key__"),),
        moves=True,
        even=True,
    ),
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
                    OPTIONS,
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
