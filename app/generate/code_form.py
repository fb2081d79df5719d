"""A form that asks for a one-time code, with what was wrong about the last one."""

from __future__ import annotations

from typing import Any

from app.core.errors import Problem
from app.core.i18n import Text, _
from app.generate.forms import errors_of
from app.generate.pages import FieldError, FormField, FormPage, FormSection

ATTRIBUTES = {"autocomplete": "one-time-code", "autofocus": "", "spellcheck": "false", "maxlength": "40"}
CODE = _("Code")


def code_form(problem: Problem | None, *, label: Text = CODE, **facts: Any) -> FormPage:
    """Return the form; `facts` are the other members of its page. A code is never sent back."""
    errors = errors_of(problem, ("code",))
    wrong = tuple(errors.get("code", ()))
    code = FormField(
        name="code", kind="text", label=label, required=True, errors=wrong, attributes=ATTRIBUTES
    )
    return FormPage(
        sections=(FormSection(title="", fields=(code,)),),
        errors=tuple(FieldError(field=name, message=text) for name, all_ in errors.items() for text in all_),
        **facts,
    )
