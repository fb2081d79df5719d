"""A wrong or missing declaration stops the program before it serves."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app import models
from app.core.declare import Api, Can, Criteria, Desk, Grant, Menu, Resource, Role, Rows, ui
from app.core.i18n import _
from app.generate.checks import DeclarationError, declarations
from app.models.base import Record, json_object

models.load()  # what is defined here is none of the product's

WRONG: dict[str, dict[str, Any]] = {
    "columns": {"columns": ("nmae",)},
    "form": {"columns": ("name",), "form": ("nmae",)},
    "search": {"columns": ("name",), "search": ("nmae",)},
    "filters": {"columns": ("name",), "filters": ("nmae",)},
    "order": {"columns": ("name",), "order": "-nmae"},
    "audit": {"columns": ("name",), "audit": ("nmae",)},
    "inline": {"columns": ("name",), "inline": ("nmae",)},
    "label": {"columns": ("name",), "label": "nmae"},
    "api.show": {"columns": ("name",), "api": Api(show=("nmae",))},
    "api.write": {"columns": ("name",), "api": Api(show=("name",), write=("nmae",))},
    "allow.hide": {"columns": ("name",), "allow": {Role.AGENT: Grant(Can.READ, hide=("nmae",))}},
    "rows.team": {"columns": ("name",), "rows": Rows(team="nmae.id")},
    "service": {"columns": ("name",), "service": "nmae"},
    "a screen needs columns": {},
    "form names": {"columns": ("name",), "form": ("facts",)},
    "columns names 'team.nmae'": {"columns": ("team.nmae",)},
}


def thing(number: int, **words: Any) -> type[Record]:
    """Define a model whose declaration says `words`."""
    facts = {
        "__tablename__": f"fence_{number}",
        "__annotations__": {"name": Mapped[str], "facts": Mapped[json_object]},
        "name": mapped_column(String(20), info=ui(_("Name"))),
        "facts": mapped_column(info=ui(_("Facts"))),
        "resource": Resource(title="T", plural="Ts", desk=Desk.MANAGE, menu=Menu.SETUP, **words),
    }
    return type(f"Fence{number}", (Record,), facts)


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    """Take the tables of these models out of the metadata again."""
    yield
    for name in [name for name in Record.metadata.tables if name.startswith("fence_")]:
        Record.metadata.remove(Record.metadata.tables[name])


@pytest.mark.parametrize(("number", "said"), list(enumerate(WRONG)))
def test_each_wrong_name_is_told(number: int, said: str) -> None:
    model = thing(number, **WRONG[said])
    with pytest.raises(DeclarationError, match=f"Fence{number}: .*{said.split(maxsplit=1)[0]}"):
        declarations([model])


def test_criteria_ask_about_a_table_with_a_screen_and_lie_in_jsonb() -> None:
    model = thing(42, columns=("name",))
    model.__table__.c.name.info.update(ui(_("Name"), criteria=Criteria(of="nowhere")))
    with pytest.raises(DeclarationError) as problem:
        declarations([model])
    said = str(problem.value)
    assert "criteria of 'name' need a JSONB column" in said
    assert "ask about 'nowhere', which is no managed table" in said


def test_what_is_framed_has_a_page_of_the_console() -> None:
    model = thing(43, columns=("name",))
    model.__table__.c.name.info.update(ui(_("Name"), framed=True))
    with pytest.raises(DeclarationError, match="name is framed, which takes a page of the console"):
        declarations([model])


def test_all_mistakes_are_told_at_once() -> None:
    models = [thing(40, columns=("a", "b")), thing(41, columns=("c",))]
    with pytest.raises(DeclarationError) as problem:
        declarations(models)
    assert [line.split(":")[0] for line in str(problem.value).splitlines()[1:]] == [
        "Fence40",
        "Fence40",
        "Fence41",
    ]


def test_an_unknown_word_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="colums"):
        Resource(title="T", plural="Ts", colums=("name",))  # type: ignore[call-arg]


def test_a_model_without_a_declaration_is_not_defined() -> None:
    with pytest.raises(TypeError, match="no declaration"):
        type("Undeclared", (Record,), {"__tablename__": "fence_50"})


@pytest.mark.parametrize("name", ["meta", "data", "errors"])
def test_a_name_the_libraries_swallow_is_refused(name: str) -> None:
    facts = {
        "__tablename__": f"fence_{name}",
        "__annotations__": {name: Mapped[str]},
        name: mapped_column(String(20), info=ui(_("Name"))),
        "resource": Resource(title="T", plural="Ts"),
    }
    with pytest.raises(DeclarationError, match=name):
        declarations([type(f"Fence{name}", (Record,), facts)])


def test_every_declaration_of_the_product_holds() -> None:
    declarations()
