"""What templates do a thousand times a page, in fewer steps than Jinja takes: escape, and call macros.

What a macro draws is markup: it is wrapped once, and not looked at again where it is printed. Whatever is not
plain here goes Jinja's own way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from functools import lru_cache, partial
from types import FunctionType, MethodType
from typing import Any

import jinja2
import markupsafe
from flask import Flask
from jinja2 import runtime
from jinja2.utils import missing
from markupsafe import Markup, _escape_inner  # type: ignore[attr-defined]  # what its `escape` calls

from app.core.i18n import LazyString

wrap: Callable[[str], Markup] = partial(str.__new__, Markup)
"""`Markup(text)` without its question whether the text is markup already."""

FUNCTIONS = {FunctionType, MethodType, type(lru_cache(lambda: None))}
"""What may be called as it is, unless it is marked as one that wants something of the template too."""
HARMLESS = {int, runtime.Undefined}
"""What reads without a character that means anything in HTML: a number, and what a template leaves out."""
MARK = "jinja_pass_arg"
ESCAPING = getattr(jinja2.pass_eval_context(lambda _context: None), MARK)
"""The mark of what wants to know whether texts are escaped, as what translates does."""


def install(app: Flask) -> None:
    """Let the templates of `app` run so; called before the first of them is loaded."""
    app.jinja_env.context_class = Context
    app.jinja_env.template_class = Template


def escape(value: Any) -> Markup:
    """Return `value` as markup, as markupsafe does. Most that is printed is markup already, or words."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is LazyString:
        value, kind = str(value), str
    if kind is str:
        return wrap(_escape_inner(value))
    return wrap(str(value)) if kind in HARMLESS else markupsafe.escape(value)


class Macro(runtime.Macro):
    """A macro that may be called without a search for what its arguments are."""

    def __init__(self, *facts: Any) -> None:
        super().__init__(*facts)
        self.is_plain = self._default_autoescape and not (
            self.caller or self.catch_kwargs or self.catch_varargs
        )
        self._left_out = (missing,) * len(self.arguments)

    def draw(self, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> Markup:
        """Return what a plain macro draws; arguments that are left out have their defaults."""
        if not named:
            return wrap(self._func(*arguments, *self._left_out[len(arguments) :]))
        names = self.arguments[len(arguments) :]
        if not named.keys() <= set(names):
            return self(*arguments, **named)  # type: ignore[return-value]  # it says what is wrong
        return wrap(self._func(*arguments, *(named.get(name, missing) for name in names)))


class Context(runtime.Context):
    """The names of a template, and how it calls what they stand for."""

    def call(self, called: Any, /, *arguments: Any, **named: Any) -> Any:
        kind = type(called)
        if kind is Macro and called.is_plain:
            return called.draw(arguments, named and _own(named))
        if kind in FUNCTIONS:
            wants = getattr(called, MARK, None)
            if wants is None:
                return called(*arguments, **(named and _own(named)))
            if wants is ESCAPING:
                return called(self.eval_ctx, *arguments, **(named and _own(named)))
        return super().call(called, *arguments, **named)


def _own(named: dict[str, Any]) -> dict[str, Any]:
    """Return the named arguments without those by which Jinja tells a call where it stands."""
    named.pop("_loop_vars", None)
    named.pop("_block_vars", None)
    return named


class Template(jinja2.Template):
    """A template whose code finds what is here under the names of Jinja's own."""

    @classmethod
    def _from_namespace(
        cls,
        environment: jinja2.Environment,
        namespace: MutableMapping[str, Any],
        globals: MutableMapping[str, Any],  # noqa: A002  Jinja's name for it
    ) -> jinja2.Template:
        namespace.update(escape=escape, Macro=Macro, Markup=wrap)
        return super()._from_namespace(environment, namespace, globals)

    def _get_default_module(self, ctx: runtime.Context | None = None) -> Any:
        # What is imported sees the names of the environment, which are the same for every page.
        return self._module or super()._get_default_module(ctx)
