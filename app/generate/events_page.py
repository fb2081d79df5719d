"""docs/events.md: every type of event, written down from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from app.services import event_types
from app.services.event_types import EventType

HEAD = """# Events

Every type of event a webhook can hear, written from the catalogue by `python3 run.py docs events`; a test
compares the two. The JSON Schema of each, custom fields included, stands under `webhooks` in
`/api/v1/openapi.json`. [Webhooks](webhooks.md) says how events arrive and how to check that they are genuine.

```json
{"type": "TICKET_RESOLVED", "timestamp": "2026-11-22T15:01:10Z", "sequence": 3121,
 "data": {"actor": "employee:3", "object": {"id": 402, "status": "resolved"}}}
```

`object` is the thing as the API shows it, at the moment of the event. `actor` did it: `employee:3`,
`customer:7`, `key:2` or `system`. `sequence` grows from event to event; of two events about one thing the
greater one is the later. `changed` holds each changed member as `{"old": …, "new": …}`.

## Types

| type | when | `object` | further members of `data` |
|---|---|---|---|
"""
ROWS = """
## Members of an object

Fields that a desk defines stand in `custom_fields`, unless the API may not see them.

| thing | members |
|---|---|
"""


def events_page() -> str:
    """Return the page."""
    return "".join((HEAD, *_types(), ROWS, *_objects()))


def _types() -> Iterator[str]:
    for kind in (*event_types.known().values(), event_types.TESTED):
        carried = ", ".join(f"`{name}`" for name in kind.carries) or "–"
        yield f"| `{kind.name}` | {_when(kind)} | {kind.about.resource.title} | {carried} |\n"


def _when(kind: EventType) -> str:
    return f"{kind.meaning}; only with internal notes included" if kind.holds_notes else str(kind.meaning)


def _objects() -> Iterator[str]:
    for model in sorted(event_types.classes(), key=lambda one: one.__tablename__):
        api = model.resource.api
        members = " ".join(f"`{name}`" for name in (api.show if api else ("id",)))
        yield f"| {model.resource.title} | {members} |\n"
