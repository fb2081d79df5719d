"""What the buttons of the builder do: add, remove, move. The server does it, with scripts and without."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.i18n import Text, _
from app.generate.builder.read import Draft


@dataclass(frozen=True)
class Done:
    """What was done, in words for a screen reader, and the input that is next (named within the builder)."""

    said: Text = ""
    focus: str = ""


NOTHING = Done()


def do(root: Draft, deed: str) -> Done:
    """Do `verb:path` to the draft, for example `remove:1.0`; what cannot be done is left."""
    verb, _colon, path = deed.partition(":")
    numbers = [int(part) for part in path.split(".") if part.isdecimal()]
    if verb in {"condition", "group"}:
        return _add(root, numbers, group=verb == "group")
    if verb == "remove" and numbers:
        return _remove(root, numbers)
    if verb in {"up", "down"} and numbers:
        return _move(root, numbers, -1 if verb == "up" else 1)
    return NOTHING


def _find(root: Draft, numbers: list[int]) -> Draft | None:
    node: Draft | None = root
    for number in numbers:
        node = node.parts.get(number) if node else None
    return node


def _add(root: Draft, numbers: list[int], *, group: bool) -> Done:
    target = _find(root, numbers)
    if target is None or "word" not in target.leaves:
        return NOTHING
    blank = Draft({"field": [""]})
    target.put([*target.children, Draft({"word": ["any"]}, {0: blank}) if group else blank])
    here = _path([*numbers, len(target.parts) - 1])
    if group:
        return Done(_("Group added"), f"{here}.0.field")
    return Done(_("Condition added"), f"{here}.field")


def _remove(root: Draft, numbers: list[int]) -> Done:
    *above, last = numbers
    group = _find(root, above)
    if group is None or last not in group.parts:
        return NOTHING
    gone = group.parts.pop(last)
    group.put(group.children)
    said = _("Group removed") if "word" in gone.leaves else _("Condition removed")
    return Done(said, _path([*above, "add"]))


def _move(root: Draft, numbers: list[int], step: int) -> Done:
    *above, last = numbers
    group = _find(root, above)
    if group is None or last not in group.parts or last + step not in group.parts:
        return NOTHING
    parts = group.parts
    parts[last], parts[last + step] = parts[last + step], parts[last]
    verb = "up" if step < 0 else "down"
    said = _("Moved to position %(place)s", place=last + step + 1)
    return Done(said, f"{_path([*above, last + step])}.{verb}")


def _path(numbers: list[int | str]) -> str:
    return ".".join(str(number) for number in numbers)
