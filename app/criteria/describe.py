"""Trees in words: `Topic is Billing and (Tags contains refund or Priority is Urgent)`."""

from __future__ import annotations

from typing import Any

from app.core.i18n import _, gettext, ngettext
from app.criteria.moment import Duration
from app.criteria.operators import Takes
from app.criteria.tree import AllOf, AnyOf, Condition, Node, Not


def describe(tree: Node) -> str:
    """Return one sentence for a tree, in the reader's language."""
    match tree:
        case Condition():
            return _sentence(tree)
        case Not(child):
            return str(gettext("not (%(sentence)s)", sentence=describe(child)))
        case AllOf(()):
            return str(gettext("always"))
        case AnyOf(()):
            return str(gettext("never"))
        case AllOf(children):
            return _joined(str(_(" and ")), children)
        case AnyOf(children):
            return _joined(str(_(" or ")), children)


def _joined(word: str, children: tuple[Node, ...]) -> str:
    return word.join(_part(child, alone=len(children) == 1) for child in children)


def _part(child: Node, alone: bool) -> str:
    several = isinstance(child, AllOf | AnyOf) and len(child.children) > 1
    return f"({describe(child)})" if several and not alone else describe(child)


def _sentence(condition: Condition) -> str:
    label = str(condition.field.label)
    return str(condition.operator.phrase) % {"field": label, "value": _value(condition)}


def _value(condition: Condition) -> str:
    takes, raw = condition.operator.takes, condition.value
    if takes is Takes.NOTHING:
        return ""
    if takes is Takes.PATTERN:
        return str(raw)
    if isinstance(condition.wanted, Duration):
        return _duration(condition.wanted)
    values = raw if takes is Takes.MANY else [raw]
    return ", ".join(_word(condition, value) for value in values)


def _word(condition: Condition, raw: Any) -> str:
    return condition.field.text(condition.field.operand(raw))


def _duration(length: Duration) -> str:
    count = length.amount
    match length.unit:
        case "m":
            return str(ngettext("%(num)s minute", "%(num)s minutes", count))
        case "h":
            return str(ngettext("%(num)s hour", "%(num)s hours", count))
        case "d":
            return str(ngettext("%(num)s day", "%(num)s days", count))
        case _unit:
            return str(ngettext("%(num)s week", "%(num)s weeks", count))
