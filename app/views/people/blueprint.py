"""The blueprint that the pages of this package share, and the choice of a team that they begin with."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, visible
from app.core.i18n import Text, _
from app.generate.pages import FormField, Option
from app.models.teams import Team

blueprint = Blueprint("people", __name__, url_prefix="/people")
TEAMS = 200
"""Teams that can be chosen."""


def teams_of(session: Session, actor: Actor) -> dict[str, str]:
    """Return the teams that the actor may see by number, in the order of their names."""
    seen = select(Team.id, Team.name).where(Team.is_active, visible(actor, Team))
    return {str(number): name for number, name in session.execute(seen.order_by(Team.name).limit(TEAMS))}


def team_choice(teams: dict[str, str], chosen: str, every: Text = "") -> FormField:
    """Return the input that chooses a team; `every` words the choice of none."""
    options = [*([("", every)] if every else []), *teams.items()]
    known = tuple(Option(value=one, label=name, selected=one == chosen) for one, name in options)
    return FormField(name="team", kind="select", label=_("Team"), value=chosen, options=known, required=True)
