"""What no template, style sheet or module of ours may hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "app"
MAILS = ROOT / "templates/mails"  # mail programs know no style sheets, and our policy does not reach them
TEMPLATES = sorted(t for t in (ROOT / "templates").rglob("*.html") if MAILS not in t.parents)
STYLES = sorted((ROOT / "static/css").glob("*.css"))
MODULES = sorted((ROOT / "static/js").glob("*.js"))
ICONS = set(re.findall(r'^  "([a-z0-9-]+)":', (ROOT / "templates/ui/icons.html").read_text(), re.MULTILINE))

FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline style sheet": r"<style",
    "a style attribute": r"\sstyle=",
    "an event attribute": r"\son[a-z]+=",
    "an evaluated htmx attribute": r"hx-on|\bjs:|javascript:|hx-trigger=\"[^\"]*\[",
    "another host": r"(?:src|href|action)=\"(?:https?:)?//",
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_template_holds_nothing_the_policy_refuses(template: Path, what: str) -> None:
    assert not re.search(FORBIDDEN[what], template.read_text(encoding="utf-8"))


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_template_names_icons_that_exist(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:icon|draw)\(\"([a-z0-9-]+)\"", text)) | set(
        re.findall(r"\bicon=\"([a-z0-9-]+)\"", text)
    )
    assert named <= ICONS


@pytest.mark.parametrize("style", STYLES, ids=name)
def test_style_sheet_works_in_both_directions_and_both_themes(style: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"[;{]\s*(?:margin|padding|border)-(?:left|right)\b", text)
    assert not re.search(r"[;{]\s*(?:left|right|float):", text)
    if style.name not in ("tokens.css", "toast.css"):
        assert not re.search(r":[^;{]*#[0-9a-f]{3,8}\b", text)


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_module_evaluates_no_text(module: Path) -> None:
    assert not re.search(
        r"\beval\(|new Function|setAttribute\(\"style\"|document\.write", module.read_text(encoding="utf-8")
    )


def test_every_style_sheet_and_module_is_used() -> None:
    drawn = "".join(t.read_text(encoding="utf-8") for t in TEMPLATES)
    base = (ROOT / "templates/base.html").read_text(encoding="utf-8")
    always = set(re.findall(r'"([a-z]+)"', base.split("for name in")[1].split(")")[0]))
    linked = set(re.findall(r"css/([a-z-]+)\.css", drawn))
    assert {s.stem for s in STYLES} == always | linked
    code = "".join(m.read_text(encoding="utf-8") for m in MODULES)
    started = set(re.findall(r"js/([a-z-]+\.js)", drawn)) | set(re.findall(r'"\./([a-z-]+\.js)"', code))
    assert {m.name for m in MODULES} == started
