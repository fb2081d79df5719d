"""A decision of routing in words: where the ticket went, by which rule, and who was passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.i18n import Text, _, gettext
from app.fields import FieldSet, Refused
from app.services.inbox import Event, People
from app.views.inbox.entries import Considered, Routed, Tried

PASSED_OVER: dict[str, Text] = {
    "inactive": _("no longer here"),
    "unavailable": _("not available"),
    "off_shift": _("not on shift"),
    "full": _("has as many tickets as they can take"),
    "unskilled": _("lacks the skill"),
    "skill_too_low": _("skill is too low"),
}
NOTES: dict[str, Text] = {
    "nobody_free": _("Nobody who fits was free."),
    "agent_gone": _("The employee named by the rule is gone."),
    "no_team": _("No team was set, so nobody could be chosen."),
}
TRIED = 40
"""Rules listed at most."""


def labels(event: Event) -> Iterator[str]:
    """Yield the labels of everybody the decision mentions."""
    outcome = event.body["outcome"]
    yield from (f"employee:{one['employee_id']}" for one in event.body["inputs"].get("candidates", ()))
    if outcome.get("team_id"):
        yield f"team:{outcome['team_id']}"


def routed(event: Event, fields: FieldSet, people: People) -> Routed:
    """Return a decision as the timeline shows it."""
    body = event.body
    outcome, inputs = body["outcome"], body["inputs"]
    return Routed(
        moment=event.moment,
        sentence=_sentence(body, people),
        tried=tuple(_tried(step, fields) for step in body["trace"][:TRIED]),
        considered=tuple(
            _considered(one, outcome.get("picked"), people) for one in inputs.get("candidates", ())
        ),
        note=NOTES.get(inputs.get("note") or "", ""),
    )


def _sentence(body: Mapping[str, Any], people: People) -> Text:
    matched = [step["rule_name"] for step in body["trace"] if step["matched"]]
    if not matched:
        return _("No routing rule matched")
    rules = ", ".join(quoted(name) for name in matched)
    team = people.name("team", body["outcome"].get("team_id"))
    agent = people.name("employee", body["outcome"].get("picked"))
    if team and agent:
        return _("Routed to %(team)s, %(agent)s, by rule %(rules)s", team=team, agent=agent, rules=rules)
    if team:
        return _("Routed to %(team)s by rule %(rules)s", team=team, rules=rules)
    return _("Changed by rule %(rules)s", rules=rules)


def quoted(text: str) -> str:
    """Return a text between the quotation marks of the reader's language."""
    return str(gettext("“%(text)s”", text=text))


def _tried(step: Mapping[str, Any], fields: FieldSet) -> Tried:
    if step["matched"]:
        return Tried(name=step["rule_name"], matched=True)
    if step.get("fault"):
        return Tried(name=step["rule_name"], matched=False, why=_("The rule itself is broken."))
    return Tried(name=step["rule_name"], matched=False, why=_why(step.get("failed"), fields))


def _why(failed: Mapping[str, Any] | None, fields: FieldSet) -> Text:
    if failed is None:
        return ""
    name = failed["field"]
    label = str(fields[name].label) if name in fields else name
    seen = said(fields, name, failed["seen"])
    return _("%(label)s was %(seen)s", label=label, seen=quoted(seen) if seen else _("empty"))


def said(fields: FieldSet, name: str, value: Any) -> str:
    """Return a value as JSON in words; what no field knows any more, as it is."""
    if value in (None, "", [], {}):
        return ""
    try:
        return fields[name].text(fields[name].parse(value)) if name in fields else str(value)
    except Refused:
        return str(value)


def _considered(one: Mapping[str, Any], picked: int | None, people: People) -> Considered:
    key = one["employee_id"]
    return Considered(
        name=people.name("employee", key) or f"#{key}",
        load=_load(one),
        skill="" if one.get("skill") is None else _("skill %(level)s", level=one["skill"]),
        chosen=key == picked,
        why_not=PASSED_OVER.get(one.get("skipped") or "", ""),
    )


def _load(one: Mapping[str, Any]) -> Text:
    if "capacity" not in one:  # which not everybody sees of their colleagues
        return _("%(load)s tickets", load=one["load"])
    return _("%(load)s of %(capacity)s tickets", load=one["load"], capacity=one["capacity"])
