"""Links inside the documentation lead somewhere, and the checker notices when they do not."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    """scripts/links.py, which is no package."""
    spec = importlib.util.spec_from_file_location("links", ROOT / "scripts" / "links.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_link_leads_somewhere(checker: ModuleType) -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert [broken for page in pages for broken in checker.broken_links(page)] == []


@pytest.mark.parametrize("target", ["gone.md", "page.md#gone", "#gone"])
def test_a_broken_link_is_found(
    checker: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.setattr(checker, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(f"# A heading, and `code`\n[here](#a-heading-and-code) [there]({target})\n")
    assert list(checker.broken_links(page)) == [f"page.md: {target} leads nowhere"]


def test_every_page_of_the_documentation_is_linked_from_another() -> None:
    pages = sorted((ROOT / "docs").rglob("*.md"))
    texts = {page: page.read_text(encoding="utf-8") for page in [*ROOT.glob("*.md"), *pages]}
    lost = [
        page.name
        for page in pages
        if not any(page.name in text for other, text in texts.items() if other != page)
    ]
    assert lost == []
