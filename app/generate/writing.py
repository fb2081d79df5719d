"""Markdown in forms: a bar of marks, and a preview that the server draws, as the text will be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.adapters import markdown
from app.fields import Field
from app.generate.pages import FormField

PREVIEW = ".preview"
"""Ends the name of the button that asks for a preview."""


def is_previewing(form: Mapping[str, str], fields: Iterable[Field]) -> bool:
    """Tell whether a preview was asked for, so that nothing is to be saved yet."""
    return any(f"{field.name}{PREVIEW}" in form for field in fields if field.markdown)


def dress(
    fields: Mapping[str, Field], form: Mapping[str, str], inputs: Iterable[FormField]
) -> tuple[FormField, ...]:
    """Return the inputs of a form, those for Markdown with their bar and the preview that was asked for."""
    return tuple(_dressed(one, form) if fields[one.name].markdown else one for one in inputs)


def _dressed(one: FormField, form: Mapping[str, str]) -> FormField:
    asked = f"{one.name}{PREVIEW}" in form
    return replace(one, kind="markdown", preview=markdown.render(str(one.value or "")) if asked else None)
