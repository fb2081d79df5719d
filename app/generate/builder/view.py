"""Conditions as the template draws them: groups and lines, each with its inputs and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.errors import FieldError
from app.core.i18n import Text, _
from app.generate.builder.deeds import NOTHING, Done
from app.generate.builder.inputs_of import Titles, inputs_of
from app.generate.builder.place import Place
from app.generate.pages import FormField, Option

NESTED = 4
"""Groups within groups that the builder offers to add; it draws any number."""
WORDS: Mapping[str, Text] = {"all": _("All"), "any": _("Any"), "none": _("None")}
JOINTS: Mapping[str, Text] = {"all": _("and"), "any": _("or"), "none": _("nor")}


@dataclass(frozen=True, kw_only=True)
class Part:
    """A group or a line: `name` begins the names of its inputs, `key` stands in the values of its buttons."""

    name: str
    key: str
    joint: Text = ""
    """The word between this and what stands before it."""
    first: bool = True
    last: bool = True
    errors: tuple[Text, ...] = ()

    @property
    def number(self) -> str:
        """Return its place as people count: 2.1 for the first part of the second group."""
        return ".".join(str(int(part) + 1) for part in self.key.split(".") if part)


@dataclass(frozen=True, kw_only=True)
class Line(Part):
    """One condition."""

    field: str = ""
    known: bool = True
    operator: str = ""
    operators: tuple[Option, ...] = ()
    inputs: tuple[FormField, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group(Part):
    """Conditions and groups under one word."""

    word: str
    children: tuple[Group | Line, ...] = ()
    depth: int = 0

    @property
    def words(self) -> tuple[Option, ...]:
        """Return the words to choose from."""
        return tuple(Option(value=one, label=WORDS[one], selected=one == self.word) for one in WORDS)

    @property
    def nests(self) -> bool:
        """Tell whether a group may be added."""
        return self.depth < NESTED


@dataclass(frozen=True, kw_only=True)
class Builder:
    """All of it: `fields` to choose from by heading, the root group, and what it says."""

    name: str
    url: str
    root: Group
    fields: tuple[tuple[Text, tuple[Option, ...]], ...]
    focus: str = ""
    said: Text = ""
    sentence: str = ""
    counted: str = ""


def draw(
    place: Place, tree: Any, titles: Titles, errors: Iterable[FieldError] = (), done: Done = NOTHING
) -> Builder:
    """Return the builder for a tree, finished or not, with each error at the part it names."""
    drawing = _Drawing(place, titles)
    root = drawing.group(tree if isinstance(tree, Mapping) else {}, place.name)
    told = _told(errors, drawing.paths)
    return Builder(
        name=place.name,
        url=place.url,
        root=_with_errors(root, told),
        fields=tuple(_headings(place)),
        focus=f"{place.name}.{done.focus}" if done.focus else "",
        said=done.said,
    )


@dataclass
class _Drawing:
    place: Place
    titles: Titles
    paths: dict[str, str] = field(default_factory=dict)
    """Where each part stands in the JSON, and its key."""

    def group(self, tree: Mapping[str, Any], path: str, key: str = "", **facts: Any) -> Group:
        word, parts = _parts(tree, path)
        self.paths[path] = key
        depth = facts.get("depth", 0) + 1
        children = []
        for number, (child, place) in enumerate(parts):
            stands = {"first": not number, "last": number == len(parts) - 1}
            joint = JOINTS[word] if number else ""
            inner = f"{key}.{number}".lstrip(".")
            children.append(self._part(child, place, inner, depth, {"joint": joint, **stands}))
        return Group(name=self._name(key), key=key, word=word, children=tuple(children), **facts)

    def _part(self, tree: Any, path: str, key: str, depth: int, facts: dict[str, Any]) -> Group | Line:
        if isinstance(tree, Mapping) and set(tree) in ({"all"}, {"any"}, {"not"}):
            return self.group(tree, path, key, depth=depth, **facts)
        self.paths[path] = key
        return self._line(tree if isinstance(tree, Mapping) else {}, key, facts)

    def _line(self, asked: Mapping[str, Any], key: str, facts: dict[str, Any]) -> Line:
        name = str(asked.get("field") or "")
        known = self.place.fields.get(name)
        operator = self.place.operator(known, str(asked.get("op") or ""))
        offered = self.place.operators(known) if known else {}
        stem = self._name(key)
        return Line(
            name=stem,
            key=key,
            field=name,
            known=known is not None or not name,
            operator=operator.name if operator else str(asked.get("op") or ""),
            operators=tuple(
                Option(value=one.name, label=one.label, selected=one is operator) for one in offered.values()
            ),
            inputs=inputs_of(stem, known, operator, asked.get("value"), self.titles, me=self.place.me),
            **facts,
        )

    def _name(self, key: str) -> str:
        return f"{self.place.name}.{key}" if key else self.place.name


def _parts(tree: Mapping[str, Any], path: str) -> tuple[str, list[tuple[Any, str]]]:
    """Return a group's word, and what is in it with its place in the JSON; a lone condition is in `all`."""
    if "not" in tree:
        inner = tree["not"]
        several = inner.get("any") if isinstance(inner, Mapping) and set(inner) == {"any"} else None
        if isinstance(several, list) and len(several) != 1:
            return "none", [(child, f"{path}.not.any[{place}]") for place, child in enumerate(several)]
        return "none", [(inner, f"{path}.not")]
    word = "any" if "any" in tree else "all"
    if not tree or isinstance(tree.get(word), list):
        return word, [(child, f"{path}.{word}[{place}]") for place, child in enumerate(tree.get(word, ()))]
    return "all", [(tree, path)]


def _told(errors: Iterable[FieldError], paths: Mapping[str, str]) -> dict[str, list[Text]]:
    """Return messages by the key of the innermost part they name."""
    told: dict[str, list[Text]] = {}
    for error in errors:
        below = error.field.startswith
        places = [path for path in paths if error.field == path or below((f"{path}.", f"{path}["))]
        if places:
            told.setdefault(paths[max(places, key=len)], []).append(error.message)
    return told


def _with_errors(part: Any, told: Mapping[str, list[Text]]) -> Any:
    errors = tuple(told.get(part.key, ()))
    if isinstance(part, Group):
        return replace(part, errors=errors, children=tuple(_with_errors(one, told) for one in part.children))
    inputs = tuple(replace(one, errors=errors) for one in part.inputs) if errors else part.inputs
    return replace(part, errors=errors, inputs=inputs)


def _headings(place: Place) -> Iterator[tuple[Text, tuple[Option, ...]]]:
    """Yield the fields under headings: columns, custom fields, and the moment."""
    columns: list[Option] = []
    custom: list[Option] = []
    further: list[Option] = []
    for name, known in place.fields.items():
        own = getattr(known, "custom", None)
        (further if own is None else custom if own else columns).append(Option(value=name, label=known.label))
    groups = (
        (place.model.resource.title if place.model else "", columns),
        (_("Custom fields"), custom),
        (_("Time"), further),
    )
    yield from ((title, tuple(options)) for title, options in groups if options)
