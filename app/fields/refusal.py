"""Why a value was refused: one code and one sentence with the remedy, the same on every surface."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.errors import FieldError
from app.core.i18n import LazyString, Text, _

MESSAGES: dict[str, Text] = {
    "required": _("Please fill this in."),
    "unknown_field": _("There is no field of this name, or it cannot be written here. Leave it out."),
    "not_a_text": _("Write a text."),
    "not_a_number": _("Write a number, for example 12."),
    "not_a_boolean": _("Choose yes or no."),
    "not_a_date": _("Write a date as year-month-day, for example 2026-03-31."),
    "not_a_datetime": _("Write date, time and zone, for example 2026-03-31T14:30:00Z."),
    "not_an_option": _("Choose one of the options: %(options)s."),
    "not_a_list": _("Write a list of texts."),
    "not_an_email": _("Write an e-mail address, for example name@example.com."),
    "not_a_url": _("Write a web address that starts with https:// or http://."),
    "not_a_phone": _("Write a phone number with digits, for example +49 30 123456."),
    "not_a_reference": _("Choose an existing record."),
    "not_a_value": _("Write one value: a text, a number, yes or no, or a list of texts."),
    "not_a_language": _("Write the code of a language, for example de or pt_BR."),
    "either": _("Choose an existing record or describe one, but not both."),
    "twice": _("This is said above already. Make it different, or remove it."),
    "not_structured": _("Write structured data (JSON) that is not too deep or too long."),
    "bad_characters": _("Remove the characters that cannot be stored."),
    "bad_pattern": _("This does not have the expected form. Expected: %(pattern)s"),
    "too_short": _("Use at least %(minimum)s characters."),
    "too_long": _("Use at most %(maximum)s characters."),
    "too_few": _("Choose at least %(minimum)s."),
    "too_many": _("Use at most %(maximum)s."),
    "too_small": _("The least possible is %(minimum)s."),
    "too_large": _("The greatest possible is %(maximum)s."),
    "too_precise": _("Use at most %(maximum)s digits."),
}
"""Every code a check can answer with. A surface adds none of its own."""


class Refused(Exception):
    """A single value does not fit its field: `code` is a key of MESSAGES, `facts` fill its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.place = ""

    def placed(self, place: str) -> Refused:
        """Return the same, of what stands at `place` within the value: `[1].label`."""
        self.place = place
        return self

    def at(self, name: str) -> FieldError:
        """Return the error as it travels to a surface, naming the field."""
        return error(f"{name}{self.place}", self.code, **self.facts)

    def every(self, name: str) -> tuple[FieldError, ...]:
        """Return all that is wrong with the value of the field `name`."""
        return (self.at(name),)


class Several(Refused):
    """Parts of a value do not fit; each says its place within it."""

    def __init__(self, parts: Iterable[Refused]) -> None:
        self.parts = tuple(parts)
        super().__init__(self.parts[0].code, **self.parts[0].facts)
        self.place = self.parts[0].place

    def every(self, name: str) -> tuple[FieldError, ...]:
        """Return all that is wrong, part by part."""
        return tuple(part.at(name) for part in self.parts)


def error(name: str, code: str, **facts: object) -> FieldError:
    """Return the error of field `name`; its sentence is translated when it is shown."""
    return FieldError(name, code, LazyString(lambda: str(MESSAGES[code]) % facts))
