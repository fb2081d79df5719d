"""Tokens for employees who use the API: a short one to work with, a longer one to renew it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_appbuilder.api import BaseApi, expose
from flask_jwt_extended import create_access_token, create_refresh_token, get_jwt, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt.exceptions import ExpiredSignatureError, PyJWTError

from app.access import SYSTEM
from app.core.errors import FieldError, Invalid, Unauthenticated
from app.core.extensions import db
from app.core.i18n import _
from app.generate.entrance import begin, turned_away
from app.generate.identity import take
from app.generate.limits import count_try, give_back
from app.generate.second_step import proved
from app.models.people import Employee
from app.services import employees, second_factor

NO_MATCH = _("This address and password do not match.")


class TokenApi(BaseApi):
    """`POST /api/v1/security/login` and `/refresh`."""

    resource_name = "security"
    version = "v1"
    openapi_spec_tag = "Security"

    @expose("/login", methods=["POST"])
    def login(self) -> Any:
        """Answer an access token (15 minutes) and a refresh token for an address and a password.

        Who has a second factor sends a `code` of it besides.
        """
        body = request.get_json()
        email, password = _credentials(body)
        count_try("login", email)
        employee = employees.authenticate(db.session(), email, password)
        if employee is None:
            turned_away(Employee, email)
            raise Unauthenticated(NO_MATCH)
        give_back("login", email)
        _require_code(employee, body.get("code"))
        identity = begin(employee)
        return {
            "access_token": create_access_token(identity=identity, fresh=True),
            "refresh_token": create_refresh_token(identity=identity),
        }

    @expose("/refresh", methods=["POST"])
    def refresh(self) -> Any:
        """Answer a new access token for a refresh token of a session that still holds."""
        verify_token(refresh=True)
        return {"access_token": create_access_token(identity=get_jwt()["sub"], fresh=False)}


def verify_token(*, refresh: bool = False) -> None:
    """Load the employee of the token in this request. Raises Unauthenticated (the library: 422), TooMany."""
    try:
        verify_jwt_in_request(refresh=refresh)
    except (JWTExtendedException, PyJWTError) as error:
        if isinstance(error, PyJWTError) and not isinstance(error, ExpiredSignatureError):
            count_try("token")  # forged; a token that was ours once is no attack
        raise Unauthenticated(_("No valid credentials. Send a key or token as bearer.")) from error


def _require_code(employee: Employee, code: Any) -> None:
    """Raise Unauthenticated unless `code` is right, or none is needed. Raises TooMany."""
    take(SYSTEM, source="sign-in")
    if second_factor.of(db.session(), employee) is None:
        if second_factor.is_required(db.session(), employee):
            raise Unauthenticated(_("Your role needs a second factor. Sign in with a browser to set it up."))
        return
    if not isinstance(code, str) or not code:
        raise Unauthenticated(_("Send the code of your authenticator app as “code”."))
    if not proved(employee, code):
        raise Unauthenticated(second_factor.WRONG)


def _credentials(body: Any) -> tuple[str, str]:
    known = body if isinstance(body, dict) else {}
    email, password = known.get("email", known.get("username")), known.get("password")
    missing = [
        name for name, value in (("email", email), ("password", password)) if not isinstance(value, str)
    ]
    if missing:
        raise Invalid([FieldError(name, "required", _("Please fill this in.")) for name in missing])
    return str(email), str(password)
