"""What the desk tells by itself, as the document says it: an entry of `webhooks` for each type of event."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, may
from app.core.declare import Can
from app.core.i18n import _
from app.generate.rest.parts import Part, json_body, reference
from app.models.webhooks import Webhook
from app.services import event_types


def happenings(actor: Actor) -> Part:
    """Return what a receiver is sent, by type of event, if the actor may see webhooks."""
    if not may(actor, Can.READ, Webhook):
        return {}
    return {
        kind.name: {
            "post": {
                "operationId": f"events.{kind.name}",
                "summary": str(kind.meaning),
                "requestBody": json_body(event_types.schema_of(kind, _refer)),
                "responses": {"2XX": {"description": str(_("Taken"))}},
            }
        }
        for kind in (*event_types.known().values(), event_types.TESTED)
    }


def told_schemas(session: Session, actor: Actor) -> Part:
    """Return the schemas of the rows that events tell of, by name."""
    if not may(actor, Can.READ, Webhook):
        return {}
    return {_name(model): event_types.row_schema(session, model) for model in event_types.classes()}


def _refer(model: Any) -> Part:
    return reference("schemas", _name(model))


def _name(model: Any) -> str:
    return f"{model.__name__}Told"
