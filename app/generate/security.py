"""Flask-AppBuilder's security manager, made ours: employees, argon2id, grants, and no screens of its own."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_login import LoginManager

from app.access import require
from app.core.declare import Can
from app.core.extensions import db
from app.generate.identity import current_actor, load_employee
from app.generate.locale import choose_locale, choose_zone, locale_named
from app.generate.second_step import SecondStepView
from app.generate.sign_in import SignInView
from app.generate.tokens import TokenApi
from app.models import by_table
from app.models.people import Employee
from app.services import employees

VERBS = {"can_read": Can.READ, "can_add": Can.ADD, "can_edit": Can.EDIT, "can_delete": Can.DELETE}
"""Permission names of the library, as our generated views use them."""


class Security(SecurityManager):
    """Sign-in, sessions and permission names. The grants answer; the library's permission tables do not."""

    user_model = Employee

    def register_views(self) -> None:
        """Register sign-in, sign-out and tokens: the library's user and role screens do not exist."""
        self.auth_view = SignInView()
        self.appbuilder.add_view_no_menu(self.auth_view)
        self.appbuilder.add_view_no_menu(SecondStepView())
        self.appbuilder.add_api(TokenApi)

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Return a login manager that loads employees by the random id of their session."""
        manager = super().create_login_manager(app)
        manager.session_protection = None  # proxies change addresses; sessions end as rows
        return manager

    def load_user(self, pk: str) -> Employee | None:
        """Return the signed-in employee, with their actor put aside for this request."""
        return load_employee(db.session(), str(pk))

    def load_user_jwt(self, _jwt_header: Any, jwt_data: dict[str, Any]) -> Employee | None:
        """Return the employee of a token; it ends with the session it was made in."""
        return self.load_user(jwt_data["sub"])

    def auth_user_db(self, username: str, password: str) -> Employee | None:
        """Test an address and password, at equal cost whether the address is known or not."""
        return employees.authenticate(db.session(), username, password)

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Ask the grants: `can_read` on `teams`. Raises NotFound, for a forbidden page is an absent one."""
        require(current_actor(), VERBS.get(permission_name, Can.NOTHING), by_table(view_name))
        return True

    def is_item_public(self, permission_name: str, view_name: str) -> bool:  # noqa: ARG002
        """Nothing is public that is not hand-written to be."""
        return False


class Builder(AppBuilder):
    """The application builder without the files it would serve to browsers."""

    def _add_global_static(self) -> None:
        """Serve none of the library's CSS and JavaScript."""

    @property
    def get_url_for_index(self) -> str:
        """Return where a refused redirect ends: the start, since there is no index view of the library."""
        return "/"

    def _add_admin_views(self) -> None:
        """Register sign-in only: no index, no `back`, no language switch by GET."""
        self.sm.register_views()


def install(app: Flask) -> Builder:
    """Bind Flask-AppBuilder to `app` and return it. Runs no statement: roles are synced by `migrate`."""
    builder = Builder(app, db.session, security_manager_class=Security, update_perms=False)
    babel = app.extensions["babel"]
    babel.locale_selector, babel.timezone_selector = lambda: locale_named(choose_locale()), choose_zone
    return builder
