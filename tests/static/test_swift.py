"""Templates draw in fewer steps what Jinja itself draws, letter for letter."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale
from jinja2 import UndefinedError, pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup

from app.core.i18n import _
from app.generate import fragments, swift

MACROS = """
{%- macro plain(a, b="<b>", c=None) -%}[{{ a }}|{{ b }}|{{ c }}]{%- endmacro -%}
{%- macro wide(a) -%}{{ a }}{{ varargs | join(",") }}{{ kwargs.get("k", "") }}{%- endmacro -%}
{%- macro around(a) -%}<p>{{ a }}{{ caller("<i>") }}</p>{%- endmacro -%}
{%- macro nested(a) -%}{{ plain(plain(a), b=a) }}{%- endmacro -%}
"""
CASES = (
    "{{ plain('<') }}",
    "{{ plain('<', '&') }}",
    "{{ plain('<', c=markup) }}",
    "{{ plain(b=1, a=2.5) }}",
    "{{ plain('<', c='>') }}{{ plain(1, 2, c=none) }}{{ said('<') }}",
    "{{ plain() }}",
    "{{ wide('<', '>', k='&') }}",
    "{% call(x) around('<') %}{{ x }}{{ plain(x) }}{% endcall %}",
    "{{ nested('<') }}",
    "{% for n in [1, 2] %}{{ plain(n, loop.index) }}{{ given(n, word='<') }}{{ seen() }}{% endfor %}",
    "{{ words }}{{ plain(words) }}{{ none }}{{ markup ~ '<' ~ words }}",
    "{{ 'x' if none }}{{ 7 }}{{ -7 }}{{ true }}{{ missing_word }}{{ missing_word ~ '<' }}",
    "{{ given.__name__ }}{{ 'a<b'.upper() }}{{ [3, 1] | sort }}",
)
WRONG = ("{{ plain(1, 2, 3, 4) }}", "{{ plain(1, nobody=2) }}", "{{ nothing() }}", "{{ nested(a=1, b=2) }}")


def given(number: int, word: str = "") -> str:
    return f"{number}{word}"


@pass_context
def seen(context: Context) -> str:
    return f"{context.resolve('n')}{context['markup']}"


@pass_eval_context
def said(context: EvalContext, word: str) -> str:
    return Markup("<b>{}</b>").format(word) if context.autoescape else word


FACTS = {
    "said": said,
    "given": given,
    "seen": seen,
    "words": _("Save"),
    "markup": Markup("<hr>"),
    "none": None,
}


def application(*, quick: bool) -> Flask:
    app = Flask(__name__)
    Babel(app)
    if quick:
        swift.install(app)
    return app


@pytest.fixture
def both() -> tuple[Flask, Flask]:
    return application(quick=False), application(quick=True)


def drawn(app: Flask, template: str) -> str:
    with app.test_request_context("/"):
        return render_template_string(MACROS + template, **FACTS)


@pytest.mark.parametrize("template", CASES)
def test_what_is_drawn_is_what_jinja_draws(both: tuple[Flask, Flask], template: str) -> None:
    plain, quick = (drawn(app, template) for app in both)
    assert quick == plain


@pytest.mark.parametrize("template", WRONG)
def test_what_jinja_refuses_is_refused(both: tuple[Flask, Flask], template: str) -> None:
    for app in both:
        with pytest.raises((TypeError, UndefinedError)):
            drawn(app, template)


def test_texts_without_markup_are_not_escaped(both: tuple[Flask, Flask]) -> None:
    for app in both:
        template = app.jinja_env.from_string("{% autoescape false %}{{ a }}{% endautoescape %}{{ a }}")
        assert template.render(a="<") == "<&lt;"


def test_a_spoken_piece_is_drawn_once_a_language(both: tuple[Flask, Flask]) -> None:
    said: list[object] = []

    def macro(piece: object) -> Markup:
        said.append(piece)
        return Markup("<b>{}</b>").format(len(said))

    draw, one, other = fragments.spoken(macro), object(), object()
    with both[0].test_request_context("/"):
        assert [draw(one), draw(other), draw(one)] == ["<b>1</b>", "<b>2</b>", "<b>1</b>"]
        with force_locale("de"):
            assert draw(one) == "<b>3</b>"
        assert draw(one) == "<b>1</b>"


def test_a_piece_that_lists_share_says_what_is_the_lists_own() -> None:
    shared = Markup('<form action="__url__">__state__</form>')
    filled = fragments.of_list(shared, '/a"b', Markup('<input value="__url__">'))
    assert filled == Markup('<form action="/a&#34;b"><input value="__url__"></form>')
