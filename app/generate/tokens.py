"""Tokens for employees who use the API: a short one to work with, a longer one to renew it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_appbuilder.api import BaseApi, expose
from flask_jwt_extended import (
    create_access_token,
    create_refresh_token,
    get_current_user,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt.exceptions import PyJWTError

from app.core.errors import FieldError, Invalid, Unauthenticated
from app.core.extensions import db
from app.core.i18n import _
from app.generate.entrance import entered, turned_away
from app.generate.limits import count_failure, refuse_if_limited
from app.models.people import Employee
from app.services import employees


class TokenApi(BaseApi):
    """`POST /api/v1/security/login` and `/refresh`."""

    resource_name = "security"
    version = "v1"
    openapi_spec_tag = "Security"

    @expose("/login", methods=["POST"])
    def login(self) -> Any:
        """Answer an access token (15 minutes) and a refresh token for an address and a password."""
        email, password = _credentials(request.get_json())
        refuse_if_limited("login", email)
        employee = employees.authenticate(db.session(), email, password)
        if employee is None:
            count_failure("login", email)
            turned_away(Employee, email)
            raise Unauthenticated(_("This address and password do not match."))
        entered(employee)
        identity = employee.get_id()
        return {
            "access_token": create_access_token(identity=identity, fresh=True),
            "refresh_token": create_refresh_token(identity=identity),
        }

    @expose("/refresh", methods=["POST"])
    def refresh(self) -> Any:
        """Answer a new access token for a refresh token of a session that still holds."""
        verify_token(refresh=True)
        return {"access_token": create_access_token(identity=get_current_user().get_id(), fresh=False)}


def verify_token(*, refresh: bool = False) -> None:
    """Load the employee of the token in this request. Raises Unauthenticated (the library: 422)."""
    try:
        verify_jwt_in_request(refresh=refresh)
    except (JWTExtendedException, PyJWTError) as error:
        raise Unauthenticated(_("No valid credentials. Send a key or token as bearer.")) from error


def _credentials(body: Any) -> tuple[str, str]:
    known = body if isinstance(body, dict) else {}
    email, password = known.get("email", known.get("username")), known.get("password")
    missing = [
        name for name, value in (("email", email), ("password", password)) if not isinstance(value, str)
    ]
    if missing:
        raise Invalid([FieldError(name, "required", _("Please fill this in.")) for name in missing])
    return str(email), str(password)
