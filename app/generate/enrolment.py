"""Setting up a second factor: a QR code and a key, proved by one code, then recovery codes shown once.

The new secret travels in the form, sealed and signed for its employee, and is kept only once it is proved.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, render_template, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.adapters import totp
from app.core.errors import Invalid, Problem
from app.core.extensions import db
from app.core.i18n import _
from app.generate.code_form import code_form
from app.generate.desk import desk
from app.generate.errors import answer
from app.generate.identity import take
from app.generate.limits import count_try, give_back
from app.generate.pages import Action, FormPage, OncePage
from app.models.people import Employee
from app.services import second_factor

LASTS = 15 * 60
"""Seconds for which an offered secret may be proved."""
FILE = "frontdesk-recovery-codes.txt"


@dataclass(frozen=True, kw_only=True)
class SetUpPage:
    """The form that proves a secret. `picture` is a `data:` address, `key` the secret in groups of four."""

    form: FormPage
    picture: str
    key: str


def page(employee: Employee, url: str, problem: Problem | None = None) -> Response:
    """Draw the set-up; after an error with the secret that was scanned already, while it may be used."""
    offer = request.form.get("offer", "")
    secret = _secret_of(employee, offer)
    if secret is None:
        secret = totp.new_secret()
        offer = _serializer().dumps([employee.id, second_factor.seal(secret)])
    address = totp.address(secret, employee.email, desk().name)
    drawn = SetUpPage(
        form=_form(url, offer, problem),
        picture=totp.picture(address),
        key=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
    )
    return answer("auth/set_up.html", problem, page=drawn)


def confirm(employee: Employee) -> list[str]:
    """Keep the secret of the form if its code is right; return recovery codes. Commits.

    All sessions end. Raises Invalid, TooMany, Conflict.
    """
    secret = _secret_of(employee, request.form.get("offer", ""))
    if secret is None:
        raise Invalid.one("code", "wrong", _("That took too long. Please add this new key to your app."))
    count_try("second-factor", str(employee.id))
    take(SYSTEM, source="sign-in")
    codes = second_factor.enable(db.session(), employee, secret, request.form.get("code", ""))
    db.session.commit()
    give_back("second-factor", str(employee.id))
    return codes


def codes_page(codes: list[str], url: str) -> Response:
    """Show recovery codes this once, and lead on to `url`."""
    shown = OncePage(
        title=_("Your recovery codes"),
        text=_(
            "Each lets you in once when your app is not at hand. Keep them where you keep passwords: "
            "they are not shown again."
        ),
        secret="\n".join(codes),
        done=Action(label=_("I have kept them"), url=url, primary=True),
    )
    return Response(render_template("auth/codes.html", page=shown, file=FILE), mimetype="text/html")


def _form(url: str, offer: str, problem: Problem | None) -> FormPage:
    return code_form(
        problem,
        label=_("Code of the app"),
        title=_("Set up the second factor"),
        subtitle=_("From now on you sign in with your password and a code of an app on your phone."),
        action_url=url,
        submit_label=_("Turn on"),
        hidden=(("offer", offer),),
    )


def _secret_of(employee: Employee, offer: str) -> str | None:
    try:
        identity, sealed = _serializer().loads(offer, max_age=LASTS)
    except (BadData, ValueError, TypeError):
        return None
    return second_factor.unseal(sealed) if identity == employee.id else None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="frontdesk-second-factor")
