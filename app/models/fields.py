"""Definitions of fields: they rule forms, lists, filters, criteria, API and portal alike, at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Integer, String, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.declare import Api, Can, Choice, Criteria, Desk, Grant, Menu, Resource, Role, ui
from app.core.i18n import _
from app.core.shape import Grid, Languages, Lines, Member
from app.models.base import (
    Record,
    Stamped,
    choice,
    folded,
    json_list,
    json_object,
    moment,
    ordered,
    short_text,
)

revisions = Table(
    "revisions",
    Record.metadata,
    Column("name", String(40), primary_key=True),
    Column("number", Integer, nullable=False, server_default="1"),
)
"""One counter for each thing that every process keeps in memory; a trigger raises it on each change."""


class FieldType(Choice):
    """The kinds of field a desk can define."""

    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    INTEGER = "integer", _("Whole number")
    DECIMAL = "decimal", _("Decimal number")
    BOOLEAN = "boolean", _("Yes or no")
    DATE = "date", _("Date")
    DATETIME = "datetime", _("Date and time")
    SELECT = "select", _("One of a list")
    MULTI_SELECT = "multi_select", _("Several of a list")
    EMAIL = "email", _("E-mail")
    URL = "url", _("Web address")
    PHONE = "phone", _("Telephone")
    REFERENCE = "reference", _("Reference")


class RequiredOn(Choice):
    """When a required field must be filled."""

    CREATE = "create", _("When created")
    RESOLVE = "resolve", _("When resolved")


class Readers(Choice):
    """Who reads and writes a value."""

    AGENT = "agent", _("Agents")
    CUSTOMER = "customer", _("Customers")
    API = "api", _("API")


class Right(Choice):
    """What one of them may or must do with it."""

    VISIBLE = "visible", _("Visible")
    EDITABLE = "editable", _("Editable")
    REQUIRED = "required", _("Required")


LIMITS: Mapping[str, Member] = {
    "min": Member(_("Least number or day"), number=True),
    "max": Member(_("Greatest number or day"), number=True),
    "min_length": Member(_("Fewest characters or options"), number=True),
    "max_length": Member(_("Most characters or options"), number=True),
    "pattern": Member(_("Pattern (RE2) the whole text must match")),
    "table": Member(_("Table that a reference leads to")),
}
"""What may stand in `validation`, and what it is called."""


class Tone(Choice):
    """Colours that an option can have: names of tints that are right in light and dark."""

    BLUE = "accent", _("Blue")
    GREEN = "ok", _("Green")
    AMBER = "warn", _("Amber")
    RED = "danger", _("Red")
    VIOLET = "new", _("Violet")


OPTIONS = Lines(
    of=Member(
        _("Option"),
        members={
            "value": Member(_("Value"), required=True, longest=100),
            "label": Member(_("Label"), longest=100),
            "colour": Member(_("Colour"), choices=Tone, colour=True),
            "deprecated": Member(_("Retired"), flag=True),
        },
        bare="value",
    ),
    unique="value",
    keeps="deprecated",
)
"""Values to choose from; a label that is not said is the value. One that is deprecated stays where it stands."""
TRANSLATIONS = Languages(
    of=Member(
        _("Texts"),
        members={
            "label": Member(_("Label")),
            "help": Member(_("Help")),
            "options": Member(_("Options"), each="options"),
        },
    )
)


class FieldDefinition(Record, Stamped):
    """One field of one table: a custom field, or what is live about a column (label, options, required)."""

    __tablename__ = "schema_definitions"
    __table_args__: Any = (
        *folded("schema_definitions", "field_name", "label"),
        *ordered("schema_definitions", "position"),
        UniqueConstraint("applies_to", "field_name"),
    )

    field_name: Mapped[str] = mapped_column(
        String(60),
        info=ui(_("Name"), _("Lower-case letters, digits and underscores. It stays the same for ever.")),
    )
    field_type: Mapped[FieldType] = mapped_column(
        choice(FieldType), default=FieldType.TEXT, info=ui(_("Type"))
    )
    is_required: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default="false", info=ui(_("Required"))
    )
    applies_to: Mapped[str] = mapped_column(
        String(63), default="tickets", server_default="tickets", info=ui(_("Applies to"), options="tables")
    )
    label: Mapped[short_text] = mapped_column(default="", info=ui(_("Label")))
    translations: Mapped[json_object] = mapped_column(
        info=ui(
            _("Translations"),
            _("What readers of other languages are shown in the place of label, help and options."),
            shape=TRANSLATIONS,
        )
    )
    help: Mapped[str | None] = mapped_column(String(400), info=ui(_("Help")))
    options: Mapped[json_list] = mapped_column(
        info=ui(
            _("Options"),
            _(
                "For lists: what may be chosen. The value is kept and never changes; the label is what people read. "
                "What is retired stays readable where it stands, and is offered no more."
            ),
            shape=OPTIONS,
        )
    )
    default: Mapped[Any | None] = mapped_column(
        JSONB, info=ui(_("Default"), _("What a new row has where nobody says otherwise."), plain=True)
    )
    position: Mapped[int] = mapped_column(
        Integer,
        default=0,
        server_default="0",
        info=ui(_("Position"), _("Fields stand in the order of their positions; the least comes first.")),
    )
    section: Mapped[str | None] = mapped_column(
        String(60), info=ui(_("Section"), _("The heading it stands under."))
    )
    audiences: Mapped[json_object] = mapped_column(
        info=ui(
            _("Who may what"), _("Where it differs from the usual."), grid=Grid(rows=Readers, columns=Right)
        )
    )
    required_on: Mapped[RequiredOn] = mapped_column(
        choice(RequiredOn), default=RequiredOn.CREATE, server_default="create", info=ui(_("Required when"))
    )
    show_when: Mapped[Any | None] = mapped_column(
        JSONB,
        info=ui(
            _("Shown when"),
            _("Conditions on other fields; it is asked only while they hold."),
            criteria=Criteria(of="applies_to"),
        ),
    )
    validation: Mapped[json_object] = mapped_column(
        info=ui(_("Limits"), _("As far as they make sense for the type."), members=LIMITS)
    )
    searchable: Mapped[bool] = mapped_column(
        Boolean,
        default=False,
        server_default="false",
        info=ui(_("Searchable"), _("Its words are found by the search box.")),
    )
    searched_as: Mapped[str] = mapped_column(
        String(1), default="", server_default="", info=ui(_("Searched as"), secret=True)
    )
    """Under which weight its words are kept: written by the job that keeps the search in step."""
    deprecated_at: Mapped[moment | None] = mapped_column(info=ui(_("Deprecated")))

    resource = Resource(
        title=_("Field"), plural=_("Fields"), new=_("New field"), desk=Desk.MANAGE, menu=Menu.SETUP, icon="list-plus", label="field_name",
        overview="/fields/",
        columns=("field_name", "label", "field_type", "applies_to", "is_required", "position"),
        form=(
            "field_name", "label", "field_type", "applies_to", "options", "help", "is_required", "required_on", "default",
            "validation", "show_when", "audiences", "position", "section", "searchable", "translations",
        ),
        create=(
            "field_name", "label", "field_type", "applies_to", "options", "help", "is_required", "required_on", "default",
            "validation", "show_when", "audiences", "section", "searchable", "translations",
        ),
        show=(
            "field_name", "label", "field_type", "applies_to", "options", "help", "is_required", "required_on", "default",
            "position", "section", "searchable", "deprecated_at", "created_at", "updated_at", "validation", "show_when",
            "audiences", "translations",
        ),
        search=("field_name", "label"), filters=("applies_to", "field_type", "is_required"), order="position",
        allow={Role.ADMIN: Grant(Can.ALL), Role.SUPERVISOR: Grant(Can.READ), Role.AGENT: Grant(Can.READ)},
        audit=(
            "field_name", "field_type", "is_required", "applies_to", "label", "options", "validation", "required_on",
            "default", "audiences", "show_when", "searchable", "deprecated_at",
        ),
        events=True, noun="SCHEMA", service="field_definitions", actions=("retire", "bring_back"),
        api=Api(
            show=(
                "id", "field_name", "field_type", "is_required", "applies_to", "label", "help", "options", "default",
                "position", "section", "audiences", "required_on", "show_when", "validation", "translations", "searchable",
                "deprecated_at", "created_at", "updated_at",
            ),
            write=(
                "field_name", "field_type", "is_required", "applies_to", "label", "help", "options", "default", "position",
                "section", "audiences", "required_on", "show_when", "validation", "translations", "searchable",
            ),
        ),
    )  # fmt: skip
