"""What a form for a new row begins with: nothing, what its address says, or the values of another row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict

from app.fields import FieldSet
from app.generate import forms
from app.generate.bulk.deeds import unique_columns
from app.generate.nested import Nested


def given(fields: FieldSet, model: Any, arguments: MultiDict[str, str]) -> dict[str, Any]:
    """Return what an empty form holds, with what the address says."""
    said = [field for field in fields.values() if field.name in arguments]
    return forms.blank(fields, model) | forms.typed_in(arguments, said)


def copied(fields: FieldSet, row: Any) -> dict[str, Any]:
    """Return what a form holds that begins with the values of `row`: all but those no two rows share,
    and options that a new row is not given.
    """
    blank, alone = forms.blank(fields, type(row)), unique_columns(type(row))
    return {
        name: blank[name] if name in alone else forms.choosable(fields[name], value)
        for name, value in forms.stored(fields, row).items()
    }


def copied_rows(nested: Nested, source: Nested) -> Nested:
    """Return the related rows of another row as new ones of this form."""
    lines: Mapping[str, Any] = {nest.name: found for nest, found in source.nests}
    return replace(
        nested,
        nests=tuple(
            (nest, tuple(_fresh(nest, one, place) for place, one in enumerate(lines.get(nest.name, ()))))
            for nest, _none in nested.nests
        ),
    )


def _fresh(nest: Any, line: Any, place: int) -> Any:
    fresh = nest.blank(f"copy{place}")
    return replace(fresh, raw={name: line.raw.get(name, value) for name, value in fresh.raw.items()})
