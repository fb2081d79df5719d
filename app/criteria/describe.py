"""Trees in words: `Topic is Billing and (Tags contains refund or Priority is Urgent)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.i18n import _, gettext, ngettext
from app.criteria.known import Known
from app.criteria.moment import Duration
from app.criteria.operators import Takes
from app.criteria.period import Period
from app.criteria.readings import ME, READINGS
from app.criteria.tree import AllOf, AnyOf, Condition, Node, Not

Names = Mapping[tuple[str, int], str]
"""What the rows are called that references lead to, by table and id."""


def describe(tree: Node, names: Names | None = None) -> str:
    """Return one sentence for a tree, in the reader's language. A row without a name is called `#5`."""
    return _Describer(names or {}).node(tree)


@dataclass(frozen=True)
class _Describer:
    names: Names

    def node(self, tree: Node) -> str:
        match tree:
            case Condition():
                return self._sentence(tree)
            case Not(child):
                return str(gettext("not (%(sentence)s)", sentence=self.node(child)))
            case AllOf(()):
                return str(gettext("always"))
            case AnyOf(()):
                return str(gettext("never"))
            case AllOf(children):
                return self._joined(str(_(" and ")), children)
            case AnyOf(children):
                return self._joined(str(_(" or ")), children)

    def _joined(self, word: str, children: tuple[Node, ...]) -> str:
        return word.join(self._part(child, alone=len(children) == 1) for child in children)

    def _part(self, child: Node, alone: bool) -> str:
        several = isinstance(child, AllOf | AnyOf) and len(child.children) > 1
        return f"({self.node(child)})" if several and not alone else self.node(child)

    def _sentence(self, condition: Condition) -> str:
        operator, label = condition.operator, str(condition.field.label)
        lonely = operator.takes is Takes.MANY and len(condition.value) == 1
        phrase = (operator.alone if lonely else None) or operator.phrase
        return str(phrase) % ({"field": label} | self._values(condition))

    def _values(self, condition: Condition) -> dict[str, str]:
        takes, raw = condition.operator.takes, condition.value
        if takes is Takes.PAIR:
            return {
                "before": self._word(condition.field, raw["from"]),
                "value": self._word(condition.field, raw["to"]),
            }
        if takes in {Takes.NOTHING, Takes.PATTERN}:
            return {"value": str(raw or "")}
        if isinstance(condition.wanted, Duration):
            return {"value": _duration(condition.wanted)}
        values = raw if takes is Takes.MANY else [raw]
        return {"value": ", ".join(self._word(condition.field, value) for value in values)}

    def _word(self, field: Known, raw: Any) -> str:
        if READINGS[field.kind].timing is not None and (period := Period.read(raw)):
            return str(period.label)
        if field.reference is None:
            return field.text(field.operand(raw))
        if raw == ME:
            return str(_("me"))
        typed = field.operand(raw)
        return self.names.get((field.reference, typed)) or field.text(typed)


def _duration(length: Duration) -> str:
    count = length.amount
    match length.unit:
        case "m":
            return str(ngettext("%(num)s minute", "%(num)s minutes", count))
        case "h":
            return str(ngettext("%(num)s hour", "%(num)s hours", count))
        case "bm":
            return str(ngettext("%(num)s business minute", "%(num)s business minutes", count))
        case "bh":
            return str(ngettext("%(num)s business hour", "%(num)s business hours", count))
        case "d":
            return str(ngettext("%(num)s day", "%(num)s days", count))
        case _unit:
            return str(ngettext("%(num)s week", "%(num)s weeks", count))
