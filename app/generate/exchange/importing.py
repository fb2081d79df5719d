"""The pages of an import: the file, what each column is, and how it would go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import current_app, request
from flask_babel import format_decimal
from sqlalchemy.orm import Session

from app.access import Actor
from app.adapters import storage
from app.core.errors import Invalid
from app.core.i18n import Text, _
from app.fields import FieldSet, fields_of
from app.generate import failures, forms, pages
from app.generate.desk import desk
from app.generate.exchange.plan import guess, importable, keys_of, plan_of
from app.services import exchange, files
from app.services.bulk import Failure
from app.services.exchange import Plan
from app.services.exchange.load import ID, TRIED, VERSION
from app.services.exchange.reading import Line

SAMPLES = 3
"""Cells shown beside the name of a column."""


@dataclass(frozen=True, kw_only=True)
class TrialPage:
    """How the first lines would go: nothing is written yet."""

    title: Text
    said: Text
    failures: tuple[Failure, ...]
    left_out: tuple[str, ...]
    action_url: str
    back_url: str
    hidden: tuple[tuple[str, str], ...]
    submit_label: Text
    crumbs: tuple[pages.Crumb, ...]


@dataclass(frozen=True)
class Draft:
    """An uploaded file on its way to be imported."""

    model: Any
    number: int
    name: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    count: int
    fields: FieldSet
    every: FieldSet

    @classmethod
    def of(cls, session: Session, actor: Actor, model: Any, number: int) -> Draft:
        """Return the draft of an uploaded file. Raises NotFound, Invalid."""
        file, content = files.read(session, storage.from_config(current_app.config), actor, number)
        with content:
            read = exchange.read_rows(content, file.name)
        lines = tuple(islice(read.lines, TRIED))
        count = len(lines) + sum(1 for _line in read.lines)
        fields, every = importable(session, actor, model), fields_of(session, model)
        return cls(model, number, file.name, read.columns, lines, count, fields, every)

    @property
    def url(self) -> str:
        """Return where the draft stands."""
        return f"/admin/{self.model.__tablename__}/import/{self.number}"

    def page(self, crumbs: tuple[pages.Crumb, ...], problem: Invalid | None) -> pages.FormPage:
        """Return the form that asks what each column is, with what was chosen or seems right."""
        chosen = self._chosen() if request.method == "POST" else guess(self.columns, self.fields, self.every)
        columns = tuple(self._column(place, name, chosen) for place, name in enumerate(self.columns))
        told = forms.by_field(problem, ())
        return pages.FormPage(
            title=_("Import: %(name)s", name=self.name),
            crumbs=crumbs,
            sections=(
                pages.FormSection(
                    title=_("Columns"), text=_("What each column of the file is."), fields=columns
                ),
                pages.FormSection(title=_("Rows that are there"), fields=(self._key(chosen),)),
            ),
            action_url=self.url,
            submit_label=_("Try it out"),
            cancel_url=crumbs[0].url,
            errors=tuple(
                pages.FieldError(field="", message=text) for texts in told.values() for text in texts
            ),
        )

    def chosen(self, session: Session, actor: Actor, zone: dt.tzinfo) -> Plan:
        """Return the plan that the form asks for. Raises Invalid where it makes no sense."""
        mapping, key = self._chosen(), request.form.get("key") or None
        if len(set(mapping.values())) < len(mapping):
            raise Invalid.one("", "taken", _("Two columns are to be the same field. Leave one out."))
        if not set(mapping.values()) & set(self.fields):
            raise Invalid.one("", "required", _("Choose a field for one column at least."))
        if key and key not in mapping.values():
            raise Invalid.one("key", "required", _("No column holds what rows are to be found by."))
        return plan_of(session, actor, self.model, mapping, key=key, zone=zone)

    def tried(self, session: Session, actor: Actor, plan: Plan, crumbs: tuple[pages.Crumb, ...]) -> TrialPage:
        """Try the first lines out, and return how it went."""
        came = exchange.try_out(session, actor, plan, self.lines)
        tried, good = format_decimal(came.tried), format_decimal(came.done)
        return TrialPage(
            title=_("Import: %(name)s", name=self.name),
            said=_("%(good)s of the first %(tried)s rows can be imported.", good=good, tried=tried),
            failures=failures.told(self.every, came.failures),
            left_out=tuple(name for name in self.columns if name not in plan.mapping),
            action_url=self.url,
            back_url=self.url,
            hidden=tuple((n, v) for n, v in request.form.items() if n.startswith("column.") or n == "key"),
            submit_label=_("Import: %(number)s", number=format_decimal(self.count)),
            crumbs=crumbs,
        )

    def _chosen(self) -> dict[str, str]:
        given = ((name, request.form.get(f"column.{place}", "")) for place, name in enumerate(self.columns))
        return {column: name for column, name in given if name}

    def _column(self, place: int, name: str, chosen: Mapping[str, str]) -> pages.FormField:
        cells = islice((str(raw.get(name, "")) for _number, raw in self.lines if raw.get(name)), SAMPLES)
        return pages.FormField(
            name=f"column.{place}",
            kind="select",
            label=name,
            help=", ".join(cell[:40] for cell in cells),
            value=chosen.get(name, ""),
            options=tuple(self._options()),
        )

    def _options(self) -> Iterator[pages.Option]:
        for name in (ID, VERSION, *self.fields):
            if name in self.every:
                yield pages.Option(value=name, label=self.every[name].label)

    def _key(self, chosen: Mapping[str, str]) -> pages.FormField:
        found = request.form.get("key") if request.method == "POST" else (ID if ID in chosen.values() else "")
        return pages.FormField(
            name="key",
            kind="select",
            label=_("Find rows by"),
            help=_("A row that is found is changed, all others are added. Without, every line adds one."),
            value=found or "",
            options=tuple(
                pages.Option(value=name, label=self.every[name].label)
                for name in keys_of(self.fields, self.model)
            ),
        )


def file_page(model: Any, crumbs: tuple[pages.Crumb, ...], problem: Invalid | None) -> pages.FormPage:
    """Return the form that takes a file."""
    told = tuple(error.message for error in problem.errors) if problem else ()
    field = pages.FormField(
        name="file",
        kind="file",
        label=_("File"),
        required=True,
        errors=told,
        help=_(
            "CSV (UTF-8, a header in the first line) or JSON; %(most)s MB and 200,000 rows at most.",
            most=desk().upload_mb,
        ),
        attributes={"accept": ".csv,.json,text/csv,application/json"},
    )
    return pages.FormPage(
        title=_("Import: %(things)s", things=model.resource.plural),
        crumbs=crumbs,
        sections=(pages.FormSection(title="", fields=(field,)),),
        action_url=f"/admin/{model.__tablename__}/import",
        submit_label=_("Continue"),
        cancel_url=crumbs[0].url,
        errors=tuple(pages.FieldError(field="file", message=text) for text in told),
    )
