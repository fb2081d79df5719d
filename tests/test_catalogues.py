"""Every language is complete, and the check of the catalogues notices when one is not."""

from __future__ import annotations

import datetime as dt
import importlib.util
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from flask_babel import Babel, force_locale, format_date

from app.core.i18n import PSEUDO, _, _p, gettext, ngettext
from app.launch.catalogues import compile_stale
from config import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "scripts"
TRANSLATED = sorted(set(LANGUAGES) - {"en"})


@pytest.fixture
def checker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """scripts/catalogues.py, which is no package."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    spec = importlib.util.spec_from_file_location("catalogues", SCRIPTS / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def texts() -> Catalog:
    """What a small program would have to say."""
    found = Catalog()
    found.add("Hello %(name)s", context="greeting")
    found.add(("%(num)s ticket", "%(num)s tickets"))
    return found


def catalogue(**strings: Any) -> Catalog:
    """A complete German catalogue of that program, or one with other strings."""
    made = Catalog(locale="de")
    hello, tickets = ("Hello %(name)s", ("%(num)s ticket", "%(num)s tickets"))
    made.add(hello, strings.get("hello", "Hallo %(name)s"), context="greeting")
    made.add(tickets, strings.get("tickets", ("%(num)s Ticket", "%(num)s Tickets")))
    return made


def complaints(checker: ModuleType, file: Path, made: Catalog) -> list[str]:
    """What the check says of a catalogue when it stands in a file."""
    checker.TRANSLATIONS = file.parents[2]
    file.parent.mkdir(parents=True)
    file.write_text(checker.written(made))
    return list(checker.complaints(file, texts()))


@pytest.fixture
def german(tmp_path: Path) -> Path:
    return tmp_path / "de" / "LC_MESSAGES" / "messages.po"


def test_every_language_has_a_catalogue(checker: ModuleType) -> None:
    assert [file.parts[-3] for file in checker.catalogues()] == TRANSLATED


def test_every_catalogue_says_what_the_program_says(checker: ModuleType) -> None:
    found = checker.extract()
    assert len(found) > 500
    assert [said for file in checker.catalogues() for said in checker.complaints(file, found)] == []


def test_a_complete_catalogue_raises_no_complaint(checker: ModuleType, german: Path) -> None:
    assert complaints(checker, german, catalogue()) == []


@pytest.mark.parametrize(
    ("strings", "complaint"),
    [
        ({"hello": ""}, "('greeting', 'Hello %(name)s') is not translated"),
        ({"tickets": ("%(num)s Ticket", "")}, "('', '%(num)s ticket') is not translated"),
        ({"hello": "Hallo"}, "has other placeholders in its translation"),
        ({"hello": "Hallo %(nam)s"}, "has other placeholders in its translation"),
        ({"tickets": ("Ein Ticket", "%(num)s Tickets")}, "has other placeholders in its translation"),
    ],
)
def test_a_wrong_translation_is_named(
    checker: ModuleType, german: Path, strings: dict[str, Any], complaint: str
) -> None:
    (said,) = complaints(checker, german, catalogue(**strings))
    assert said.startswith("de/LC_MESSAGES/messages.po")
    assert complaint in said


def test_a_guessed_translation_is_named(checker: ModuleType, german: Path) -> None:
    made = catalogue()
    made.get("Hello %(name)s", context="greeting").flags.add("fuzzy")
    (said,) = complaints(checker, german, made)
    assert "is marked as fuzzy" in said


def test_texts_too_few_and_too_many_are_named(checker: ModuleType, german: Path) -> None:
    made = catalogue()
    made.delete("Hello %(name)s", context="greeting")
    made.add("Hello %(name)s", "Hallo %(name)s")
    lacking, left = complaints(checker, german, made)
    assert "lacks ('greeting', 'Hello %(name)s')" in lacking
    assert "still has ('', 'Hello %(name)s')" in left


def test_a_text_kept_from_earlier_is_named(checker: ModuleType, german: Path) -> None:
    checker.TRANSLATIONS = german.parents[2]
    german.parent.mkdir(parents=True)
    german.write_text(checker.written(catalogue()) + '\n#~ msgid "Bye"\n#~ msgstr "Auf Wiedersehen"\n')
    (said,) = checker.complaints(german, texts())
    assert "still keeps 'Bye'" in said


def test_a_pseudo_locale_written_by_hand_is_named(checker: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / PSEUDO / "LC_MESSAGES" / "messages.po"
    (said,) = complaints(checker, file, catalogue())
    assert "is not what the rule makes" in said


def test_writing_makes_the_pseudo_locale_and_keeps_what_was_translated(
    checker: ModuleType, german: Path
) -> None:
    made = catalogue()
    made.delete("Hello %(name)s", context="greeting")
    made.add("Bye", "Auf Wiedersehen")
    complaints(checker, german, made)
    by_rule = german.parents[2] / PSEUDO / "LC_MESSAGES" / "messages.po"
    by_rule.parent.mkdir(parents=True)
    by_rule.touch()
    checker.write(texts())
    (said,) = checker.complaints(german, texts())
    assert "('greeting', 'Hello %(name)s') is not translated" in said
    assert list(checker.complaints(by_rule, texts())) == []


def test_the_pseudo_locale_is_longer_and_fills_in_the_same(checker: ModuleType) -> None:
    said = checker.pseudo("Saved by %(name)s, see {{ticket.id}}")
    assert said == "[Šåṽéđ ƀý %(name)s, šéé {{ticket.id}}~~~~~]"
    assert "%(name)s" in said


@pytest.fixture
def babel(tmp_path: Path) -> Flask:
    """A program of nothing but the catalogues, compiled afresh."""
    folder = tmp_path / "translations"
    shutil.copytree(ROOT / "translations", folder, ignore=shutil.ignore_patterns("*.mo"))
    compile_stale(folder)
    app = Flask("catalogues")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    Babel(app)
    return app


@pytest.mark.parametrize(
    ("locale", "save", "tickets", "day"),
    [
        ("en", "Save", "2 articles", "March 31, 2026"),
        ("de", "Speichern", "2 Artikel", "31. März 2026"),
        (PSEUDO, "[Šåṽé~~]", "[2 åŕţîçļéš~~~]", "March 31, 2026"),
    ],
)
def test_each_language_is_spoken(babel: Flask, locale: str, save: str, tickets: str, day: str) -> None:
    with babel.test_request_context(), force_locale(locale):
        assert gettext("Save") == save
        assert ngettext("%(num)s article", "%(num)s articles", 2) == tickets
        assert format_date(dt.date(2026, 3, 31), "long") == day


def test_one_english_word_has_the_german_that_is_meant(babel: Flask) -> None:
    with babel.test_request_context(), force_locale("de"):
        assert (str(_("Open")), str(_p("verb", "Open"))) == ("Offen", "Öffnen")
