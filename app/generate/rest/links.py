"""What can be done next: links from every answer to the operations on the rows that it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import inspect

from app.generate.rest.parts import Part, reference

ROOT = "/api/v1"


def add_links(paths: Part, models: Mapping[str, Any]) -> Part:
    """Hang links on the answers in `paths`, and return them by name; `models` are the classes by table."""
    links: Part = {}
    leads = _operations_on_rows(paths)
    for answer in _answers(paths):
        found = dict(_links(answer, leads, models))
        if found:
            answer["links"] = {name.partition(".")[2]: reference("links", name) for name in found}
            links |= found
    return links


def _operations_on_rows(paths: Part) -> dict[str, list[str]]:
    """Return the names of the operations on one row, by table."""
    found: dict[str, list[str]] = defaultdict(list)
    for path, item in paths.items():
        table, _slash, rest = path.removeprefix(f"{ROOT}/").partition("/")
        if rest.startswith("{id}"):
            found[table] += [operation["operationId"] for operation in item.values()]
    return found


def _answers(paths: Part) -> Iterator[Part]:
    for item in paths.values():
        for operation in item.values():
            yield from (said for status, said in operation["responses"].items() if status < "300")


def _links(
    answer: Part, leads: Mapping[str, list[str]], models: Mapping[str, Any]
) -> Iterator[tuple[str, Part]]:
    """Yield the links of one answer: of a row to all that can be done with it, of a list to its first row."""
    said = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    name = said.rpartition("/")[2]
    for table, model in models.items():
        key = inspect(model).primary_key[0].key
        if name in {model.__name__, f"{model.__name__}Added"}:
            yield from ((one, _link(one, f"/{key}")) for one in leads[table])
        elif name == f"{model.__name__}List":
            read = f"{table}.get"
            yield from ((f"{one}.first", _link(one, f"/data/0/{key}")) for one in leads[table] if one == read)


def _link(operation: str, pointer: str) -> Part:
    return {"operationId": operation, "parameters": {"id": f"$response.body#{pointer}"}}
