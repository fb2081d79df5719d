"""What to send to each route that changes something, and the audit row that has to come of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import orjson
from flask.testing import FlaskClient
from sqlalchemy import inspect, select

from app.core.declare import Can, Desk, Role
from app.core.extensions import db
from app.fields import Field, Kind
from app.generate.lines.read import pairs
from app.generate.rest import importing, many
from app.generate.rest.api import offered
from app.generate.rest.verbs import verbs_of
from app.models import load
from app.models.customers import Customer
from app.models.people import Employee
from app.models.tickets import Ticket
from app.models.tokens import Purpose
from app.record.changes import noun_of
from tests.audit.second_step import at_the_second_step
from tests.audit.setting_up import at_setting_up
from tests.audit.visit import Visit
from tests.audit.world import CHANGES, OTHER, PASSWORD, TEXT, World, confirmed_customer, give_password

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

OUTCOMES = {
    "messages": "MESSAGE_CREATE",
    "assign": "TICKET_UPDATE",
    "resolve": "TICKET_UPDATE",
    "reopen": "TICKET_UPDATE",
    "archive": "TICKET_ARCHIVE",
    "restore": "TICKET_RESTORE",
    "replay_failed": "WEBHOOK_REPLAY",
    "retire": "SCHEMA_UPDATE",
    "bring_back": "SCHEMA_UPDATE",
    "reset_second_factor": "EMPLOYEE_TOTP_DISABLE",
    "deactivate": "EMPLOYEE_HAND_OVER",
    "resend_invitation": "EMPLOYEE_INVITE",
    "withdraw_invitation": "EMPLOYEE_INVITATION_WITHDRAW",
    "revoke": "API_KEY_REVOKE",
    "put_back": "ACCESS_GRANT_UPDATE",
}
"""What the log calls a verb whose row is that of another thing than the route names."""


STANDS = {
    ("employees", "reset_second_factor"): "guarded_employee",
    ("grants", "put_back"): "changed_grant",
    ("jobs", "retry"): "stopped_jobs",
    ("schema_definitions", "bring_back"): "retired_field",
    ("tickets", "archive"): "resolved",
    ("tickets", "merge"): "own_ticket",
    ("tickets", "reopen"): "resolved",
    ("webhooks", "replay"): "failing_webhooks",
    ("webhooks", "replay_failed"): "failing_webhooks",
}
"""The row a verb is done to, where it takes one in a state of its own."""


def generated(world: World) -> Iterator[Visit]:
    """Yield a visit to each route that is generated from a declaration."""
    for model in load():
        if model.resource.desk is Desk.MANAGE:
            yield from _screens(world, model)
            yield from _many(world, model)
        yield from _acts(world, model)
        if model.resource.api:
            yield from _rest(world, model)


def _may(model: Any, can: Can) -> bool:
    grant = model.resource.allow.get(Role.ADMIN)
    return grant is not None and can in grant.can


def _screens(world: World, model: Any) -> Iterator[Visit]:
    table, name, noun = model.__tablename__, f"{model.__name__}View", noun_of(model)
    base, client, by = f"/admin/{table}", world.employee(), f"employee:{world.ids['admin']}"
    added = typed(world.sample(table), model)
    yield Visit(f"{name}.add", f"{base}/add", f"{noun}_CREATE", client, by, added)
    sample = world.sample(table)
    offered_there = {name: v for name, v in (sample | CHANGES[table]).items() if name in model.resource.form}
    number, changed = world.make(table, **sample), typed(offered_there, model)
    yield Visit(f"{name}.edit", f"{base}/edit/{number}", f"{noun}_UPDATE", client, by, changed)
    action = f"{noun}_DELETE" if _may(model, Can.DELETE) else None
    yield Visit(f"{name}.delete", f"{base}/delete/{world.make(table)}", action, client, by, {})


def _many(world: World, model: Any) -> Iterator[Visit]:
    """Yield the change of many rows, the export and the import of a list."""
    table, name = model.__tablename__, f"{model.__name__}View"
    base, client, by = f"/admin/{table}", world.employee(), f"employee:{world.ids['admin']}"
    action = f"{noun_of(model)}_DELETE" if _may(model, Can.DELETE) else None
    chosen = {"id": str(world.make(table)), "confirmed": "1"}
    yield Visit(f"{name}.bulk", f"{base}/bulk/delete", action, client, by, chosen)
    yield Visit(f"{name}.export", f"{base}/export/csv", "JOB_CREATE", client, by, {})
    column = model.resource.form[0]
    content = f"{column}\nx\n".encode()
    file = {"file": (io.BytesIO(content), "x.csv")}
    yield Visit(f"{name}.upload", f"{base}/import", "FILE_CREATE", client, by, file)
    place = client.post(f"{base}/import", data={"file": (io.BytesIO(content), "x.csv")}).location
    begun = {"column.0": column, "start": "1"}
    yield Visit(f"{name}.load", place, "JOB_CREATE", client, by, begun)


def _acts(world: World, model: Any) -> Iterator[Visit]:
    table = model.__tablename__
    is_managed = model.resource.desk is Desk.MANAGE
    if not is_managed and model.resource.desk is not Desk.WATCH:
        return
    endpoint = f"{model.__name__}View.act" if is_managed else f"console_{table}.act"
    base, client, by = (
        f"/{model.resource.desk.value}/{table}/act",
        world.employee(),
        f"employee:{world.ids['admin']}",
    )
    for verb in model.resource.actions:
        number = world.make(STANDS.get((table, verb), table))
        action = OUTCOMES.get(verb, f"{noun_of(model)}_{verb.upper()}")
        answer = {"answer": str(world.make("own_ticket"))} if verb == "merge" else {}
        yield Visit(endpoint, f"{base}/{verb}/{number}", action, client, by, {"confirmed": "1"} | answer)
    if not is_managed:
        where = f"/console/{table}/export/csv"
        yield Visit(f"console_{table}.export", where, "JOB_CREATE", client, by, {})
        yield _watched_rows(world, model, client, by)
    if not model.resource.actions:
        yield Visit(endpoint, f"{base}/archive/1", None, client, by, {})


def _watched_rows(world: World, model: Any, client: FlaskClient, by: str) -> Visit:
    """Return a visit that does a declared deed to ticked rows; where there is none, the route is closed."""
    table, resource = model.__tablename__, model.resource
    verbs = [one for one in resource.actions if one not in resource.single and one not in resource.asks]
    where = f"/console/{table}/bulk/{verbs[0] if verbs else 'replay'}"
    ticked = {"id": str(world.make(STANDS.get((table, verbs[0]), table)) if verbs else 1), "confirmed": "1"}
    action = OUTCOMES.get(verbs[0], f"{noun_of(model)}_{verbs[0].upper()}") if verbs else None
    return Visit(f"console_{table}.bulk", where, action, client, by, ticked)


def _rest(world: World, model: Any) -> Iterator[Visit]:
    table, name, noun = model.__tablename__, f"{model.__name__}Api", noun_of(model)
    base, client, by = f"/api/v1/{table}", bearer(world), f"employee:{world.ids['admin']}"
    can = offered(model)
    if Can.ADD in can:
        yield Visit(
            f"{name}.add", base, f"{noun}_CREATE", client, by, world.sample(table), "POST", is_json=True
        )
    if Can.EDIT in can:
        where = f"{base}/{world.make(table)}"
        yield Visit(
            f"{name}.edit", where, f"{noun}_UPDATE", client, by, CHANGES[table], "PATCH", is_json=True
        )
    if Can.DELETE in can:
        action = f"{noun}_DELETE" if _may(model, Can.DELETE) else None
        yield Visit(f"{name}.delete", f"{base}/{world.make(table)}", action, client, by, None, "DELETE")
    if many.deeds_of(model):
        deed = many.deeds_of(model)[0].verb
        begun = {"verb": deed, "ids": [world.make(table)]} | (
            {"values": CHANGES[table]} if deed == "edit" else {}
        )
        yield Visit(f"{name}.bulk", f"{base}/bulk", "JOB_CREATE", client, by, begun, "POST", is_json=True)
    yield from _files(world, model)
    bodies = {
        "messages": {"message_body": TEXT},
        "assign": {"team_id": world.ids["team"]},
        "merge": {"merged_into_id": world.make("own_ticket")},
        "replay": {},
    }
    for verb in verbs_of(model):
        number = world.make(STANDS.get((table, verb.path), table))
        body = bodies.get(verb.path)
        where = f"{base}/{number}/{verb.path}"
        yield Visit(
            f"{name}.do_{verb.path}",
            where,
            OUTCOMES.get(verb.path, f"{noun}_{verb.path.upper()}"),
            client,
            by,
            body,
            "POST",
            is_json=body is not None,
        )


def _files(world: World, model: Any) -> Iterator[Visit]:
    """Yield the export of a table and the import into it, by a program."""
    base, name = f"/api/v1/{model.__tablename__}", f"{model.__name__}Api"
    client, by = bearer(world), f"employee:{world.ids['admin']}"
    ways = [("export", "export", {"format": "csv"})] if Can.READ in offered(model) else []
    if importing.is_offered(model):
        column = next(column for column in model.resource.form if column in model.resource.api.write)
        ways.append(("load", "import", [{column: "x"}]))
    for endpoint, path, body in ways:
        where = f"{base}/{path}"
        yield Visit(f"{name}.{endpoint}", where, "JOB_CREATE", client, by, body, "POST", is_json=True)


def bearer(world: World) -> FlaskClient:
    """Return a program that calls as the administrator, whose sign-in is audited elsewhere."""
    with world.app.app_context():
        email = db.session.get_one(Employee, world.ids["admin"]).email
    client = world.app.test_client()
    said = client.post("/api/v1/security/login", json={"email": email, "password": PASSWORD}).json
    assert said is not None
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {said['access_token']}"
    return client


def typed(values: dict[str, Any], model: Any = None) -> dict[str, Any]:
    """Return values as a form sends them: lines of a shape, else objects as JSON, boxes only if ticked."""
    columns = inspect(model).columns if model is not None else {}
    shapes = {
        name: columns[name].info["ui"].shape
        for name in values
        if name in columns and "ui" in columns[name].info
    }
    sent: dict[str, Any] = {}
    for name, shape in shapes.items():
        if shape is not None:
            for key, one in pairs(Field(name=name, kind=Kind.JSON, label=""), shape, values[name]):
                sent.setdefault(key, []).append(one)
    return sent | {
        name: orjson.dumps(value).decode() if isinstance(value, dict) else "1" if value is True else value
        for name, value in values.items()
        if value is not False and value is not None and not shapes.get(name)
    }


def by_hand(world: World) -> Iterator[Visit]:
    """Yield a visit to each hand-written route."""
    yield from _inbox(world)
    yield from _people(world)
    yield from _employees(world)
    yield from at_the_second_step(world)
    yield from at_setting_up(world)
    yield from _portal(world)
    yield from _links(world)
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


def _employees(world: World) -> Iterator[Visit]:
    nobody, number = world.app.test_client, world.make("employees")
    give_password(world, number)
    with world.app.app_context():
        email = db.session.get_one(Employee, number).email
    by, right, wrong = (
        f"employee:{number}",
        {"email": email, "password": PASSWORD},
        {"email": email, "password": OTHER},
    )
    yield Visit("SignInView.login", "/login/", "EMPLOYEE_LOGIN", nobody(), by, right)
    yield Visit("SignInView.login", "/login/", "EMPLOYEE_LOGIN_FAILED", nobody(), "anonymous", wrong)
    yield Visit(
        "TokenApi.login", "/api/v1/security/login", "EMPLOYEE_LOGIN", nobody(), by, right, is_json=True
    )
    yield Visit(
        "TokenApi.login", "/api/v1/security/login", "EMPLOYEE_LOGIN_FAILED", nobody(), "anonymous",
        wrong | {"email": "zoltan@nowhere.example"}, is_json=True,
    )  # fmt: skip
    profile = {
        "name": "Zoltan Q",
        "availability": "busy",
        "language": "en",
        "time_zone": "",
        "signature": TEXT,
    }
    yield Visit("home.profile", "/profile/", "EMPLOYEE_UPDATE", world.employee(number), by, profile)
    changed = {"current": PASSWORD, "password": OTHER}
    yield Visit(
        "home.password", "/profile/password", "EMPLOYEE_PASSWORD_CHANGE", world.employee(number), by, changed
    )
    yield Visit("SignInView.logout", "/logout/", "EMPLOYEE_LOGOUT", world.employee(number), by, {})
    raw = world.link(Purpose.RESET, "employee", number)
    where = f"/password/{raw}"
    yield Visit(
        "SignInView.set_password",
        where,
        "EMPLOYEE_PASSWORD_CHANGE",
        nobody(),
        "system",
        {"password": PASSWORD},
    )


def _portal(world: World) -> Iterator[Visit]:
    nobody, number = world.app.test_client, world.ids["customer"]
    by, client = f"customer:{number}", world.customer()
    with world.app.app_context():
        email = db.session.get_one(Customer, number).email
    right, wrong = {"email": email, "password": PASSWORD}, {"email": email, "password": OTHER}
    yield Visit("portal.enter_by_password", "/portal/sign-in", "CUSTOMER_LOGIN", nobody(), by, right)
    yield Visit(
        "portal.enter_by_password", "/portal/sign-in", "CUSTOMER_LOGIN_FAILED", nobody(), "anonymous", wrong
    )
    yield Visit("portal.save_account", "/portal/account", "CUSTOMER_UPDATE", client, by, {"name": "Zoltan Q"})
    written = {"title": TEXT, "description": TEXT}
    yield Visit("portal.send", "/portal/new", "TICKET_CREATE", client, by, written)
    where = f"/portal/tickets/{world.make('own_ticket')}"
    yield Visit("portal.reply", f"{where}/reply", "MESSAGE_CREATE", client, by, {"message_body": TEXT})
    yield Visit("portal.solved", f"{where}/solved", "TICKET_UPDATE", client, by, {})
    rated = {"rating": "5", "comments": TEXT}
    yield Visit("portal.rating", f"{where}/rating", "FEEDBACK_CREATE", client, by, rated)
    account = {"name": "Zoltan New", "email": "zoltan.new@example.com"}
    yield Visit("portal.make_account", "/portal/sign-up", "CUSTOMER_CREATE", nobody(), "system", account)
    changed = {"current": PASSWORD, "password": OTHER}
    yield Visit(
        "portal.change_password", "/portal/account/password", "CUSTOMER_PASSWORD_CHANGE", client, by, changed
    )
    other = confirmed_customer(world)
    elsewhere = world.customer(other), world.customer(other)
    where = "/portal/account/sign-out-elsewhere"
    yield Visit(
        "portal.sign_out_elsewhere", where, "CUSTOMER_SESSION_END", elsewhere[1], f"customer:{other}", {}
    )
    yield Visit(
        "portal.sign_out",
        "/portal/sign-out",
        "CUSTOMER_LOGOUT",
        world.customer(other),
        f"customer:{other}",
        {},
    )


def _links(world: World) -> Iterator[Visit]:
    nobody, number = world.app.test_client, confirmed_customer(world)
    by = f"customer:{number}"
    for purpose, endpoint, path, action in (
        (Purpose.SIGN_IN, "portal.enter", "enter", "CUSTOMER_LOGIN"),
        (Purpose.VERIFY, "portal.verify", "verify", "CUSTOMER_LOGIN"),
        (Purpose.RESET, "portal.set_password", "password", "CUSTOMER_LOGIN"),
    ):
        raw = world.link(purpose, "customer", number)
        yield Visit(endpoint, f"/portal/{path}/{raw}", action, nobody(), by, {"password": PASSWORD})
    ticket = world.make("resolved")
    raw = world.link(Purpose.RATE, "ticket", ticket)
    with world.app.app_context():
        by = f"customer:{db.session.scalar(select(Ticket.customer_id).where(Ticket.id == ticket))}"
    yield Visit(
        "portal.vote",
        f"/portal/rate/{raw}",
        "FEEDBACK_CREATE",
        nobody(),
        by,
        {"rating": "4", "comments": TEXT},
    )
