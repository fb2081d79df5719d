"""`resource new` with every kind of column: what it writes is tidy, and a mistake is told with its remedy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.declare import Menu
from app.generate.scaffold import KINDS, Mistake, model_file, thing

ROOT = Path(__file__).resolve().parents[2]
EVERY = [
    *("name:text!", "note:long_text?", "count:integer", "price:decimal?", "fragile:boolean", "made_on:date?"),
    *("seen:datetime?", "labels:tags", "state:select=new,sold_out", "contact:email?"),
    *("team:reference=teams?", "owner:reference=employees"),
]


def written(*columns: str, name: str = "SparePart") -> str:
    return model_file(thing(name, columns, about="What breaks first", menu=Menu.SETUP, icon="wrench"))


def test_every_kind_is_tried() -> None:
    assert {column.split(":")[1].strip("!?").split("=")[0] for column in EVERY} == set(KINDS)


@pytest.mark.parametrize(
    "check", [["check", "--extend-ignore", "INP001"], ["format", "--check"]], ids=["lint", "format"]
)
def test_the_file_is_as_tidy_as_the_others(check: list[str], tmp_path: Path) -> None:
    file = tmp_path / "app" / "models" / "spare_parts.py"
    file.parent.mkdir(parents=True)
    file.write_text(written(*EVERY), encoding="utf-8")
    ruff = [
        str(Path(sys.executable).parent / "ruff"),
        *check,
        "--no-cache",
        "--config",
        str(ROOT / "pyproject.toml"),
    ]
    done = subprocess.run([*ruff, str(file)], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("SparePart", "spare_parts"),
        ("Company", "companies"),
        ("Box", "boxes"),
        ("Key", "keys"),
        ("Branch", "branches"),
    ],
)
def test_the_table_is_the_plural(name: str, table: str) -> None:
    tree = ast.parse(written("name:text", name=name))
    assert f"__tablename__ = '{table}'" in ast.unparse(tree)


@pytest.mark.parametrize(
    ("name", "columns", "said"),
    [
        ("spare part", ["name:text"], "not a class name"),
        ("Part", ["name"], "is not a column"),
        ("Part", ["Name:text"], "is not a column"),
        ("Part", ["name:text", "name:email"], "stands twice"),
        ("Part", ["count:integer"], "The first column"),
        ("Part", ["name:text", "version:integer"], "may not be called version"),
        ("Part", ["name:text", "of:colour"], "There is no kind colour"),
        ("Part", ["name:text", "state:select"], "names its values"),
        ("Part", ["name:text=a"], "no other any"),
        ("Part", ["name:text", "team:reference=crews"], "no table crews"),
        ("Team", ["name:text"], "a table teams already"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(name: str, columns: list[str], said: str) -> None:
    with pytest.raises(Mistake, match=said):
        written(*columns, name=name)
