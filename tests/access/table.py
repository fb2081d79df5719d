"""The table itself: for one resource and one caller, every surface and every kind of row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app import models
from app.core.declare import Can, Role
from tests.access.expect import expected, granted, reaches
from tests.access.rows import KINDS
from tests.access.surfaces import Surface
from tests.access.world import CUSTOM, Caller, World, plain

ABSENT = 987654321
"""The number of a row there is not."""
EMPLOYEES = (*(role.value for role in Role), *(f"custom {name}" for name in CUSTOM))
CALLERS = (*EMPLOYEES, "customer", "nobody")
TABLES = {model.__tablename__: model for model in models.load()}


def rows_for(world: World, model: Any, caller: Caller) -> dict[str, Any]:
    """Return a row of each kind there can be, seen by the caller."""
    kinds = KINDS if caller.id else ("others", "nobody")
    with world.session() as maker:
        made = {kind: maker.row(model, kind, caller) for kind in kinds}
    if model.__table__.info.get("view"):
        world.refresh()
    return {kind: key for kind, key in made.items() if key is not None}


def wrongs(world: World, model: Any, caller: Caller, surfaces: Iterable[Surface]) -> list[str]:
    """Return where a surface answers otherwise than is declared, each as one line."""
    asked = [surface for surface in surfaces if surface.applies(model)]
    rows = rows_for(world, model, caller) if asked else {}
    found = []
    for surface in asked:
        for kind, key in (rows if surface.row else {"any": ABSENT}).items():
            answer = surface.ask(caller, model, key)
            got = surface.given(answer, model, key)
            want = expected(caller, surface.can, model, kind if surface.row else None)
            about = f"{surface.can.name} · {model.__tablename__} · {surface.name} · {kind} row"
            place = f"{caller.name} · {about}"
            if got is not want:
                found.append(f"{place}: expected {want}, got {got} ({answer.status_code})")
            elif _must_look_absent(surface, caller, model, kind) and seen(answer) != _absent(
                world, surface, caller, model
            ):
                found.append(f"{place}: is not answered as if it were absent ({answer.status_code})")
    return found


def _must_look_absent(surface: Surface, caller: Caller, model: Any, kind: str) -> bool:
    """Tell whether the row is one the caller may not know of."""
    known = reaches(caller, Can.READ, model, kind) if surface.row else granted(caller, surface.can, model)
    return surface.alone and not known


def seen(answer: Any) -> tuple[int, str]:
    """Return what the caller can tell one answer from another by."""
    return answer.status_code, plain(answer)


def _absent(world: World, surface: Surface, caller: Caller, model: Any) -> tuple[int, str]:
    """Return what the caller sees of a row there is not; asked once."""
    key = (surface.name, caller.name, model.__tablename__)
    if key not in world.absent:
        world.absent[key] = seen(surface.ask(caller, model, ABSENT))
    return world.absent[key]
