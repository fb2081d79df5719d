"""Role × resource × whose row on every page: screens, console, pickers, palette, inbox and tabs."""

from __future__ import annotations

import pytest

from app.core.declare import Can, Desk
from tests.access.expect import reaches
from tests.access.surfaces import MANY, REST, SCREENS, links_to, parents_of
from tests.access.table import CALLERS, EMPLOYEES, TABLES, rows_for, wrongs
from tests.access.world import World


@pytest.mark.parametrize("name", CALLERS)
@pytest.mark.parametrize("table", TABLES)
def test_who_gets_what(world: World, table: str, name: str) -> None:
    found = wrongs(world, TABLES[table], world.callers[name], (*SCREENS, *MANY))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", EMPLOYEES)
@pytest.mark.parametrize("table", [table for table, model in TABLES.items() if parents_of(model)])
def test_rows_in_a_tab_of_what_they_belong_to(world: World, table: str, name: str) -> None:
    model, caller = TABLES[table], world.callers[name]
    found = []
    for kind, key in rows_for(world, model, caller).items():
        marks = world.maker.marks.get((table, key), {}).values()
        for parent, tab, column in parents_of(model):
            with world.session() as maker:
                above = getattr(maker.session.get_one(model, key), column)
            answer = caller.page(f"/admin/{parent.__tablename__}/show/{above}?tab={tab}")
            if answer.status_code != 200:  # the table above says who opens this page
                continue
            got = links_to(answer, model, key) or any(mark in answer.text for mark in marks)
            want = reaches(caller, Can.READ, model, kind)
            if got is not want:
                place = f"{name} · {table} in {parent.__tablename__} · {kind} row"
                found.append(f"{place}: expected {want}, got {got}")
    assert not found, "\n".join(found)


def test_every_screen_and_service_is_asked() -> None:
    """A resource with a screen or an API that no surface asks for would go untested."""
    shown = [model for model in TABLES.values() if model.resource.desk is not Desk.HAND or model.resource.api]
    surfaces = (*SCREENS, *REST)
    unasked = [model for model in shown if not any(surface.applies(model) for surface in surfaces)]
    assert unasked == []
