"""`/access/<role>`: what one role may do with every table, changed as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.access import Actor, may
from app.core.declare import Can, Role
from app.core.errors import Conflict, Invalid, Stale
from app.core.extensions import db
from app.core.i18n import Text, _, _n
from app.fields.live import title_of_role
from app.generate.pages import Action, Crumb
from app.models.access import AccessGrant, DeskRole, Verb
from app.services import grants
from app.services.matrix import HIDE, Matrix, Overtaken, declared, matrix_of, save
from app.views.access.blueprint import URL, blueprint, reader, role_of
from app.views.access.sheet import BACK, Errors, Sheet, drawn, read_base, typed
from app.views.access.words import ROWS, hides


@dataclass(frozen=True, kw_only=True)
class Page:
    """A role and its grid; `note` says why it cannot be changed."""

    title: Text
    subtitle: Text
    url: str
    crumbs: tuple[Crumb, ...]
    verbs: tuple[Text, ...]
    sheet: Sheet
    note: Text
    problem: Text
    dirty: bool
    actions: tuple[Action, ...]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a grid shows and was drawn from; `problem` says why it is back, `errors` at which places."""

    shown: Matrix
    base: Matrix
    errors: Errors = field(default_factory=dict)
    problem: Text = ""
    dirty: bool = True


@blueprint.get(f"{URL}<int:number>")
def show_role(number: int) -> str:
    """Show the grid of one role."""
    actor = reader()
    role = role_of(actor, number)
    present = matrix_of(db.session(), role)
    return _page(actor, role, Draft(shown=present, base=present, dirty=False))


@blueprint.post(f"{URL}<int:number>")
def save_role(number: int) -> str | Response | tuple[str, int]:
    """Save what was changed in the grid; or draw a table as it is declared, to be saved then."""
    actor, session = reader(), db.session()
    role = role_of(actor, number)
    base = read_base(request.form)
    wanted = typed(request.form, base)
    if back := declared(role).get(request.form.get(BACK, "")):
        return _page(actor, role, Draft(shown={**wanted, request.form[BACK]: back}, base=base))
    try:
        changed = save(session, actor, role, base, wanted)
        session.commit()
    except (Invalid, Conflict, Stale) as problem:
        draft = _refused(role, base, wanted, problem)
        return _page(actor, role, draft), 422 if isinstance(problem, Invalid) else 409
    flash(_n("%(num)s change was saved.", "%(num)s changes were saved.", changed), "success")
    return redirect(f"{URL}{number}")


def _refused(role: DeskRole, base: Matrix, wanted: Matrix, problem: Invalid | Conflict | Stale) -> Draft:
    """Return the grid as it was typed; where others were faster, over what they left."""
    db.session.rollback()
    if isinstance(problem, Overtaken):
        present = matrix_of(db.session(), role)
        shown = _over(base, wanted, present)
        return Draft(shown=shown, base=present, errors=_clashing(problem), problem=problem.message)
    errors = _by_place(problem) if isinstance(problem, Invalid) else {}
    return Draft(shown=wanted, base=base, errors=errors, problem=problem.message)


def _over(base: Matrix, wanted: Matrix, present: Matrix) -> Matrix:
    """Return the matrix of now with every change that was typed laid over it."""
    lines = {}
    for table, line in wanted.items():
        before, now = base[table], present[table]
        rows = {v: line.rows[v] if line.rows[v] != before.rows[v] else now.rows[v] for v in line.rows}
        lines[table] = type(line)(rows, line.hide if line.hide != before.hide else now.hide)
    return lines


def _now(place: str, value: object) -> Text:
    if place == HIDE:
        names = value if isinstance(value, frozenset) else frozenset()
        words = hides(names) if names else _("Nothing hidden")
    else:
        words = next((text for scope, text in ROWS.items() if scope == value), "")
    facts = {"place": _("Hidden fields") if place == HIDE else Verb(place).label, "now": words}
    return _("%(place)s: somebody else has set this to “%(now)s”.", **facts)


def _clashing(problem: Overtaken) -> Errors:
    return {f"{one.table}.{one.place}": [_now(one.place, one.now)] for one in problem.clashes}


def _by_place(problem: Invalid) -> Errors:
    found: dict[str, list[Text]] = {}
    for error in problem.errors:
        found.setdefault(error.field, []).append(error.message)
    return found


def _page(actor: Actor, role: DeskRole, draft: Draft) -> str:
    page = Page(
        title=title_of_role(role.name, role.title),
        subtitle=role.description or "",
        url=f"{URL}{role.id}",
        crumbs=(Crumb(label=_("Who may what"), url=URL),),
        verbs=tuple(verb.label for verb in Verb),
        sheet=drawn(db.session(), draft.shown, draft.base, declared(role), draft.errors),
        note=_note(actor, role),
        problem=draft.problem,
        dirty=draft.dirty,
        actions=tuple(_actions(actor, role)),
    )
    return render_template("access/role.html", page=page)


def _note(actor: Actor, role: DeskRole) -> Text:
    if role.name == Role.ADMIN:
        return grants.ADMINISTRATORS
    return "" if may(actor, Can.EDIT, AccessGrant) else _("You may look at this, and not change it.")


def _actions(actor: Actor, role: DeskRole) -> Iterator[Action]:
    yield Action(label=_("About this role"), url=f"/admin/roles/show/{role.id}", icon="info")
    if may(actor, Can.ADD, DeskRole):
        yield Action(label=_("Duplicate"), url=f"/admin/roles/add?based_on_id={role.id}", icon="copy")
    if not role.builtin and may(actor, Can.DELETE, role):
        yield Action(label=_("Delete"), url=f"{URL}{role.id}/delete", icon="trash-2", danger=True)
