"""The visits to pages of the desk that are written by hand: inbox, people, settings, webhooks."""

from __future__ import annotations

from collections.abc import Iterator

from tests.audit.visit import Visit
from tests.audit.world import TEXT, World


def at_the_desk(world: World) -> Iterator[Visit]:
    """Yield a visit to each route of these pages."""
    yield from _inbox(world)
    yield from _people(world)
    yield from _webhooks(world)


def _webhooks(world: World) -> Iterator[Visit]:
    where = f"/admin/webhooks/act/replay/{world.make('failing_webhooks')}"
    by = f"employee:{world.ids['admin']}"
    yield Visit("webhooks.replay", where, "WEBHOOK_REPLAY", world.employee(), by, {"confirmed": "1"})


def _inbox(world: World) -> Iterator[Visit]:
    client, by, where = (
        world.employee(),
        f"employee:{world.ids['admin']}",
        f"/inbox/open/{world.make('tickets')}",
    )
    changed = {"fields": "priority", "priority": "urgent"}
    into = {"merged_into_id": str(world.make("own_ticket"))}
    yield Visit(
        "inbox.merge", f"/inbox/open/{world.make('own_ticket')}/merge", "TICKET_MERGE", client, by, into
    )
    yield Visit("inbox.change", f"{where}/change", "TICKET_UPDATE", client, by, changed)
    yield Visit("settings.save", "/settings/branding", "SETTING_CREATE", client, by, {"name": "Kettle"})
    yield Visit("inbox.reply", f"{where}/reply", "MESSAGE_CREATE", client, by, {"body": TEXT})


def _people(world: World) -> Iterator[Visit]:
    """Yield a visit to the table of skills and to the plan of a team."""
    client, by, number = world.employee(), f"employee:{world.ids['admin']}", world.ids["agent"]
    learnt = {"skill.0": "Juggling", f"level.{number}.0": "3"}
    yield Visit("people.save", "/people/skills", "SKILL_CREATE", client, by, learnt)
    planned = {"availability": "busy", "capacity": "9"}
    yield Visit("people.plan", f"/people/coverage/{number}", "EMPLOYEE_UPDATE", client, by, planned)
