"""What to send to each route that changes something, and the audit row that has to come of it."""

from __future__ import annotations

from collections.abc import Iterator

from app.models import load
from tests.audit.desk import at_the_desk
from tests.audit.portal import at_the_portal
from tests.audit.rest import at_rest
from tests.audit.screens import at_screens
from tests.audit.second_step import at_the_second_step
from tests.audit.setting_up import at_setting_up
from tests.audit.signing_in import at_signing_in
from tests.audit.visit import Visit
from tests.audit.world import World

NONE_NEEDED = {
    "TicketApi.search": "reads",
    "fields.preview": "draws what a form holds and keeps nothing",
    "TokenApi.refresh": "goes on with a sign-in that was audited",
    "home.set_up_second_factor": "shows a secret that is kept once it is confirmed, which is audited",
    "home.theme": "a cookie of the browser",
    "lists.columns": "how a person likes to look at a list",
    "lists.default": "how a person likes to look at a list",
    "inbox.macro": "puts a text into the form; what is sent then is audited",
    "SignInView.forgot": "mails a link, which is a row of the mails; its use is audited",
    "portal.send_link": "mails a link, which is a row of the mails; its use is audited",
    "portal.send_password_link": "mails a link, which is a row of the mails; its use is audited",
}
"""Routes without an audit row, and why."""

READING = {"criteria", "filter"}
"""Routes of every screen that draw conditions while they are built; a POST, for they send the whole form."""


def generated(world: World) -> Iterator[Visit]:
    """Yield a visit to each route that is generated from a declaration."""
    for model in load():
        yield from at_screens(world, model)
        if model.resource.api:
            yield from at_rest(world, model)


def by_hand(world: World) -> Iterator[Visit]:
    """Yield a visit to each hand-written route."""
    for walk in (at_the_desk, at_signing_in, at_the_second_step, at_setting_up, at_the_portal):
        yield from walk(world)
