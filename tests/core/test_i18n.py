"""A text is said in the language of the moment, whatever was said before."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale, refresh

from app.core.i18n import _, gettext
from app.generate import templating

SAVE = _("Save")


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    catalog = Catalog(locale="de")
    catalog.add("Save", "Speichern")
    catalog.add("%(count)s of 100%%", "%(count)s von 100%%")
    file = tmp_path / "de" / "LC_MESSAGES" / "messages.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as opened:
        write_mo(opened, catalog)
    app = Flask(__name__)
    Babel(app, default_translation_directories=str(tmp_path), locale_selector=lambda: app.config["READER"])
    app.config["READER"] = "en"
    templating.install(app)
    return app


def test_a_text_follows_the_language_within_one_request(app: Flask) -> None:
    with app.test_request_context():
        assert str(SAVE) == gettext("Save") == "Save"
        with force_locale("de"):
            assert str(SAVE) == gettext("Save") == "Speichern"
        assert str(SAVE) == gettext("Save") == "Save"
        app.config["READER"] = "de"
        refresh()
        assert str(SAVE) == gettext("Save") == "Speichern"


def test_two_requests_have_two_languages(app: Flask) -> None:
    for language, word in (("de", "Speichern"), ("en", "Save"), ("de", "Speichern")):
        app.config["READER"] = language
        with app.test_request_context():
            assert str(SAVE) == word


def test_outside_of_an_application_a_text_is_its_own() -> None:
    assert str(SAVE) == gettext("Save") == "Save"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('{{ _("Save") }}', "Speichern"),
        ('{{ _("%(count)s of 100%%", count="<b>") }}', "&lt;b&gt; von 100%"),
        ('{{ _("100%%") }}', "100%"),
        (
            '{% autoescape false %}{{ _("%(count)s of 100%%", count="<b>") }}{% endautoescape %}',
            "<b> von 100%",
        ),
    ],
)
def test_a_template_says_it_in_the_readers_language(app: Flask, source: str, said: str) -> None:
    app.config["READER"] = "de"
    with app.test_request_context():
        assert render_template_string(source) == said
