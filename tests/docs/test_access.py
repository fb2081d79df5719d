"""docs/access.md says what the declarations say."""

from __future__ import annotations

from pathlib import Path

from app import models
from app.core.declare import Can, Grant, Resource, Rows, Scope
from app.generate.access_page import access_page
from app.models.scopes import options

PAGE = Path(__file__).resolve().parents[2] / "docs" / "access.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == access_page(models.load(), options()), (
        "Write it anew: python3 run.py docs access"
    )


class Parcel:
    """A parcel on its way."""

    __tablename__ = "parcels"
    resource = Resource(
        title="Parcel",
        plural="Parcels",
        customers=Grant(Can.READ, Scope.OWN, ("price",)),
        rows=Rows(customer="buyer"),
    )


def test_a_grant_is_told_with_rows_and_hidden_columns() -> None:
    lines = access_page([Parcel]).splitlines()
    last = next(line for line in lines if line.startswith("| `parcels`"))
    cells = [cell.strip() for cell in last.strip("|").split("|")]
    told = ["`parcels`", "A parcel on its way.", "–", "customer: `buyer`", "–", "–", "–"]
    assert cells == [*told, "read · own · without `price`"]
