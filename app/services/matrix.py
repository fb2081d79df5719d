"""What one role may do with every table, as one matrix: read whole, and changed whole in one transaction.

A matrix is handed back beside the one it was drawn from. What differs between the two is what somebody wants;
the rest stays as it is now, whoever changed it meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, require
from app.access.grants import VERBS
from app.core.declare import Can, Role
from app.core.errors import Conflict, FieldError, Invalid
from app.core.i18n import _
from app.models.access import AccessGrant, DeskRole, RowScope, Verb
from app.services import grants

HIDE = "hide"
"""What a place is called that holds the hidden fields of a table; the others are called after their verb."""


@dataclass(frozen=True)
class Line:
    """One table: the rows of each verb, none where there is no grant, and what is hidden with all of them."""

    rows: Mapping[Verb, RowScope]
    hide: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Tell whether the role may nothing here."""
        return all(rows is RowScope.NONE for rows in self.rows.values())

    def places(self) -> dict[str, Any]:
        """Return what stands in each place, by its name."""
        return {**{verb.value: rows for verb, rows in self.rows.items()}, HIDE: self.hide}


Matrix = Mapping[str, Line]
"""Line by table, of all tables somebody can have a grant on."""


@dataclass(frozen=True)
class Clash:
    """A place that somebody else changed too: what stands there now."""

    table: str
    place: str
    now: Any


class Overtaken(Conflict):
    """Others changed the very places somebody would change; nothing was written."""

    message = _("Somebody else changed the marked places meanwhile. Save again to set them as you chose.")

    def __init__(self, clashes: tuple[Clash, ...]) -> None:
        super().__init__()
        self.clashes = clashes


def tables() -> Iterator[Any]:
    """Yield the models somebody can have a grant on."""
    return (model for model in models.load() if grants.possible(model))


def verbs_of(model: Any) -> tuple[Verb, ...]:
    """Return the verbs that are possible with a table."""
    return tuple(verb for verb, can in VERBS.items() if can in grants.possible(model))


def scopes_of(model: Any) -> tuple[RowScope, ...]:
    """Return the rows that a grant on a table can be for: own and own teams where rows belong to such."""
    rows = model.resource.rows
    some = {RowScope.OWN: bool(rows.owner or rows.shared), RowScope.TEAM: bool(rows.team)}
    return tuple(scope for scope in RowScope if some.get(scope, True))


def matrix_of(session: Session, role: DeskRole) -> Matrix:
    """Return the grants of a role as they are: one statement."""
    return matrices(session, [role])[role.id]


def matrices(session: Session, roles: list[DeskRole]) -> dict[int, Matrix]:
    """Return the matrix of each role, by its number: one statement."""
    keys = [role.id for role in roles]
    found: dict[tuple[int, str], list[AccessGrant]] = {}
    for grant in session.scalars(select(AccessGrant).where(AccessGrant.role_id.in_(keys))):
        found.setdefault((grant.role_id, grant.table_name), []).append(grant)
    return {
        key: {m.__tablename__: _line(m, found.get((key, m.__tablename__), [])) for m in tables()}
        for key in keys
    }


def declared(role: DeskRole) -> Matrix:
    """Return what the declarations say of a built-in role; nothing of one made here."""
    built_in = next((one for one in Role if one == role.name), None)
    return {model.__tablename__: _declared(model, built_in) for model in tables()} if built_in else {}


def save(session: Session, actor: Actor, role: DeskRole, base: Matrix, wanted: Matrix) -> int:
    """Change what differs between `wanted` and `base`, which it was drawn from; return how many places.

    Raises NotFound, Overtaken, Conflict for administrators, and Invalid naming each place (`tickets.edit`).
    """
    require(actor, Can.EDIT, AccessGrant)
    session.scalars(select(DeskRole).where(DeskRole.id == role.id).with_for_update()).one()
    present = matrix_of(session, role)
    changed = {table: {*_differing(base[table], line)} for table, line in wanted.items()}
    _refuse_overtaken(base, present, wanted, changed)
    errors: list[FieldError] = []
    for table, places in changed.items():
        if places:
            line = _merged(present[table], wanted[table], places)
            errors += _Writer(session, actor, role, table).write(line)
    if errors:
        raise Invalid(errors)
    return sum(map(len, changed.values()))


def _refuse_overtaken(
    base: Matrix, present: Matrix, wanted: Matrix, changed: Mapping[str, Collection[str]]
) -> None:
    clashes = tuple(
        Clash(table, place, now)
        for table, places in changed.items()
        for place in places
        if (now := _at(present, table, place)) not in (_at(base, table, place), _at(wanted, table, place))
    )
    if clashes:
        raise Overtaken(clashes)


@dataclass(frozen=True)
class _Writer:
    """Writes the grants of one role on one table."""

    session: Session
    actor: Actor
    role: DeskRole
    table: str

    def write(self, line: Line) -> Iterator[FieldError]:
        """Bring the grants to what `line` says; yield what is refused, by place."""
        of_table = (AccessGrant.role_id == self.role.id, AccessGrant.table_name == self.table)
        present = {one.verb: one for one in self.session.scalars(select(AccessGrant).where(*of_table))}
        for verb, rows in line.rows.items():
            try:
                self._set(verb, present.get(verb), rows, line.hide)
            except Invalid as problem:
                for error in problem.errors:
                    place = HIDE if error.field == "hidden_fields" else verb.value
                    yield FieldError(f"{self.table}.{place}", error.code, error.message)

    def _set(self, verb: Verb, grant: AccessGrant | None, rows: RowScope, hide: frozenset[str]) -> None:
        values = {"rows": rows, "hidden_fields": sorted(hide)}
        if grant is None or rows is RowScope.NONE:
            self._begin_or_end(verb, grant, values)
        elif (rows, hide) == (grant.rows, frozenset(grant.hidden_fields)):
            return
        elif self._is_declared(verb, rows, hide):
            grants.put_back(self.session, self.actor, grant)
        else:
            grants.edit(self.session, self.actor, grant, values)

    def _begin_or_end(self, verb: Verb, grant: AccessGrant | None, values: dict[str, Any]) -> None:
        if grant is None and values["rows"] is not RowScope.NONE:
            of = {"role_id": self.role.id, "table_name": self.table, "verb": verb}
            grants.add(self.session, self.actor, of | values)
        elif grant is not None and grant.rows is not RowScope.NONE:
            grants.delete(self.session, self.actor, grant)

    def _is_declared(self, verb: Verb, rows: RowScope, hide: frozenset[str]) -> bool:
        usual = declared(self.role).get(self.table)
        return usual is not None and (usual.rows.get(verb), usual.hide) == (rows, hide)


def _line(model: Any, found: list[AccessGrant]) -> Line:
    rows = {grant.verb: grant.rows for grant in found}
    hide = frozenset(
        name for grant in found if grant.rows is not RowScope.NONE for name in grant.hidden_fields
    )
    return Line({verb: rows.get(verb, RowScope.NONE) for verb in verbs_of(model)}, hide)


def _declared(model: Any, role: Role) -> Line:
    grant = model.resource.allow.get(role)
    if grant is None:
        return _line(model, [])
    rows = RowScope(grant.rows.value)
    allowed = {verb: rows if VERBS[verb] in grant.can else RowScope.NONE for verb in verbs_of(model)}
    return Line(allowed, frozenset(grant.hide))


def _at(matrix: Matrix, table: str, place: str) -> Any:
    return matrix[table].places()[place]


def _differing(one: Line, other: Line) -> Iterator[str]:
    before = one.places()
    return (place for place, value in other.places().items() if before[place] != value)


def _merged(present: Line, wanted: Line, places: Collection[str]) -> Line:
    """Return the line as it is now, and as it is wanted in `places`."""
    rows = {verb: (wanted if verb in places else present).rows[verb] for verb in present.rows}
    return Line(rows, (wanted if HIDE in places else present).hide)
