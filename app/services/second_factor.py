"""The second factor of employees: codes of an authenticator app, and recovery codes for when it is lost."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.adapters import totp, vault
from app.adapters.tokens import digest
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.fields import settings_of
from app.models.people import Employee
from app.models.sessions import SecondFactor
from app.record import flush, log
from app.services import login_sessions

SEALED = "second_factors.secret"
"""What the vault binds the secrets to."""
CODES = 10
"""Recovery codes made at once."""


def of(session: Session, employee: Employee) -> SecondFactor | None:
    """Return the second factor of an employee, None where there is none."""
    return session.scalar(_of(employee))


def is_required(session: Session, employee: Employee) -> bool:
    """Tell whether the role of an employee must have a second factor, by the settings."""
    return employee.role in settings_of(session).totp_roles


def enable(session: Session, employee: Employee, secret: str, code: str) -> list[str]:
    """Keep a new secret, proved by a code of it, and return recovery codes in clear; all sessions end.

    Raises Invalid for a wrong code, Conflict where there is a second factor already.
    """
    if of(session, employee) is not None:
        raise Conflict(_("There is a second factor already. Turn it off first."))
    step = totp.step_of(secret, totp.plain(code))
    if step is None:
        raise Invalid.one("code", "wrong", WRONG)
    codes = _new_codes()
    kept = SecondFactor(
        employee_id=employee.id, secret=seal(secret), last_step=step, recovery=[_digest(one) for one in codes]
    )
    session.add(kept)
    login_sessions.end_all(session, employee)
    flush(session)
    log(session, "TOTP_ENABLE", employee)
    return codes


def passes(session: Session, employee: Employee, code: str) -> bool:
    """Tell whether a code lets the employee in, and use it up: none works twice.

    The row stays locked until the commit, so that of two who send one code at once, one comes in.
    """
    factor = session.scalar(_of(employee).with_for_update().execution_options(populate_existing=True))
    if factor is None:
        return False
    given = totp.plain(code)
    step = totp.step_of(unseal(factor.secret), given)
    if step is not None and step > factor.last_step:
        factor.last_step = step
    elif _digest(given) in factor.recovery:
        factor.recovery = [kept for kept in factor.recovery if kept != _digest(given)]
    else:
        return False
    flush(session)
    return True


def renew_codes(session: Session, employee: Employee) -> list[str]:
    """Return new recovery codes in clear; those of before no longer work. Raises Conflict."""
    factor = of(session, employee)
    if factor is None:
        raise Conflict(_("There is no second factor."))
    codes = _new_codes()
    factor.recovery = [_digest(one) for one in codes]
    flush(session)
    log(session, "RECOVERY_CODES", employee)
    return codes


def disable(session: Session, employee: Employee) -> None:
    """Take the second factor away; all sessions end. Raises Conflict where there is none."""
    factor = of(session, employee)
    if factor is None:
        raise Conflict(_("There is no second factor."))
    session.delete(factor)
    login_sessions.end_all(session, employee)
    flush(session)
    log(session, "TOTP_DISABLE", employee)


def seal(secret: str) -> str:
    """Return a secret as it is kept."""
    return vault.from_config(current_app.config).seal(secret, SEALED)


def unseal(sealed: str) -> str:
    """Return a kept secret in clear. Raises VaultError when DATA_KEY does not fit."""
    return vault.from_config(current_app.config).open(sealed, SEALED)


WRONG = _("This code is not right, or was used already. Please type the one your app shows now.")


def _of(employee: Employee) -> Select[SecondFactor]:
    return select(SecondFactor).where(SecondFactor.employee_id == employee.id)


def _new_codes() -> list[str]:
    return [totp.new_recovery_code() for _number in range(CODES)]


def _digest(code: str) -> str:
    return digest(totp.plain(code))
