"""The profile as a form: its sections, inputs and choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import available_timezones

from flask import url_for
from flask_login import current_user

from app.core.errors import Invalid, Stale
from app.core.i18n import Text, _
from app.fields import languages_of
from app.generate import forms
from app.generate.desk import desk
from app.generate.pages import Action, FieldError, FormField, FormPage, FormSection, Option
from app.models.people import Availability
from app.views.home import own_limit

DENSITIES: tuple[tuple[str, Text], ...] = (("comfortable", _("Comfortable")), ("compact", _("Compact")))
LOOKS: tuple[tuple[str, Text], ...] = (
    ("auto", _("Like the system")),
    ("light", _("Light")),
    ("dark", _("Dark")),
)
WORDS = ("name", "signature", "availability", "language", "time_zone")
"""Columns of the employee that the form holds."""
LIMIT = ("own_capacity", "own_capacity_until")
"""Those that say how much the person takes."""
SECTIONS: tuple[tuple[Text, Text, tuple[str, ...]], ...] = (
    (_("You"), _("Customers see your name beside every reply."), ("name", "signature")),
    (_("Work"), "", ("availability", *LIMIT)),
    (_("Language and time"), "", ("language", "time_zone")),
    (_("Look"), _("Kept in this browser only."), ("theme", "density")),
    (_("Keyboard"), "", ("keys",)),
)
LABELS: dict[str, tuple[str, Text, Text]] = {
    "name": ("text", _("Name"), ""),
    "signature": ("long_text", _("Signature"), _("Markdown. It stands under every reply of yours.")),
    "availability": ("select", _("Availability"), _("Routing gives new tickets to available people only.")),
    "own_capacity": ("integer", _("Open tickets at most"), ""),
    "own_capacity_until": ("select", _("This limit holds"), ""),
    "language": ("select", _("Language"), ""),
    "time_zone": ("select", _("Time zone"), ""),
    "theme": ("select", _("Appearance"), ""),
    "density": ("select", _("Density"), ""),
    "keys": ("boolean", _("Single-key shortcuts"), _("Press ? to see them. They are silent while you type.")),
}
"""Kind, label and help of each input."""


def page(held: dict[str, Any], problem: Invalid | Stale | None = None) -> FormPage:
    """Return the form with what it holds, and why it was refused."""
    if isinstance(problem, Stale):
        errors: dict[str, list[Text]] = {
            "": [_("This was changed elsewhere meanwhile. Check it and save again.")]
        }
    else:
        errors = forms.by_field(problem, held)
    return FormPage(
        title=_("Profile"),
        subtitle=current_user.email,
        sections=tuple(
            FormSection(title=title, text=text, fields=tuple(_field(name, held, errors) for name in names))
            for title, text, names in SECTIONS
        ),
        action_url=url_for("home.profile"),
        submit_label=_("Save"),
        version=current_user.version,
        errors=tuple(FieldError(field=name, message=said) for name, all_ in errors.items() for said in all_),
        actions=(Action(label=_("Sign-in and sessions"), url=url_for("home.security"), icon="key"),),
    )


def _field(name: str, held: dict[str, Any], errors: dict[str, list[Text]]) -> FormField:
    kind, label, text = LABELS[name]
    return FormField(
        name=name,
        kind=kind,
        label=label,
        help=_most() if name == "own_capacity" else text,
        value=held[name],
        errors=tuple(errors.get(name, ())),
        required=name in {"name", "availability", "own_capacity_until", "theme", "density"},
        options=tuple(Option(value=key, label=words) for key, words in _options(name)),
    )


def _most() -> Text:
    return _(
        "Routing gives you no more than this. Nothing means the capacity that is set: %(most)s.",
        most=current_user.capacity,
    )


def _options(name: str) -> Iterable[tuple[str, Text]]:
    return OFFERED.get(name, tuple)()


OFFERED: dict[str, Callable[[], Iterable[tuple[str, Text]]]] = {
    "language": lambda: languages_of(desk()).items(),
    "time_zone": lambda: ((zone, zone.replace("_", " ")) for zone in sorted(available_timezones())),
    "availability": lambda: ((member.value, member.label) for member in Availability),
    "own_capacity_until": lambda: own_limit.terms(current_user),
    "theme": lambda: LOOKS,
    "density": lambda: DENSITIES,
}
"""The choices of each input that has some."""
