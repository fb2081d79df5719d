"""Visits to the pages on which a desk is set up by hand: who may what, and the layout of fields."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from flask.testing import FlaskClient

from tests.audit.visit import Visit
from tests.audit.world import World


def at_setting_up(world: World) -> Iterator[Visit]:
    """Yield a visit to each route of these pages."""
    client, by = world.employee(), f"employee:{world.ids['admin']}"
    where = f"/access/{world.make('roles')}"
    given = {"base": _kept(client, where, "base")[0], "teams.read": "all"}
    yield Visit("access.save_role", where, "ACCESS_GRANT_CREATE", client, by, given)
    yield Visit("access.end_role", f"{where}/delete", "ROLE_DELETE", client, by, {"to": "agent"})
    world.make("schema_definitions")
    where = "/fields/tickets"
    order = {"seen": _kept(client, where, "seen")[0], "id": [*reversed(_kept(client, where, "id"))]}
    yield Visit("fields.arrange", where, "SCHEMA_UPDATE", client, by, order)
    where = f"/fields/type/{world.make('schema_definitions')}"
    typed = {"field_type": "decimal", "confirmed": "1"}
    yield Visit("fields.retype", where, "SCHEMA_RETYPE", client, by, typed)


def _kept(client: FlaskClient, where: str, name: str) -> list[str]:
    """Return what a page keeps in the inputs of this name."""
    return [
        html.unescape(one) for one in re.findall(rf'name="{name}" value="([^"]*)"', client.get(where).text)
    ]
