"""Every template with made-up data, served without a database: for browser tests, and to look at.

`python -m tests.static.gallery 5005` serves it at http://127.0.0.1:5005/.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from flask import Flask, Response, render_template, request
from flask_babel import Babel

from app.generate import templating
from app.generate.frame import Flash, Frame, NavGroup, NavItem, Person
from app.generate.parts import Action
from tests.static.samples import desk, forms, lists, notices, shows

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)

PAGES: dict[str, tuple[str, Callable[[], object]]] = {
    "list": ("generated/list.html", lists.full_list),
    "list-empty": ("generated/list.html", lists.empty_list),
    "show": ("generated/show.html", shows.show),
    "show-history": ("generated/show.html", shows.show_history),
    "form": ("generated/form.html", forms.form),
    "form-errors": ("generated/form.html", forms.form_with_errors),
    "confirm": ("generated/confirm.html", notices.confirm),
    "conflict": ("generated/conflict.html", notices.conflict),
    "login": ("auth/login.html", forms.login),
    "set-password": ("auth/set_password.html", forms.set_password),
    "link-sent": ("auth/link_sent.html", notices.link_sent),
    "error": ("errors/error.html", notices.error),
    "kit": ("kit.html", lambda: None),
    "inbox": ("inbox.html", lambda: None),
    "portal": ("portal.html", lambda: None),
}


def create() -> Flask:
    """Return the gallery. `?theme=dark&dir=rtl&folded=1&flash=1` set what surrounds the page."""
    app = Flask(
        "gallery",
        static_folder=str(desk.ROOT / "app/static"),
        template_folder=str(desk.ROOT / "app/templates"),
    )
    app.jinja_loader.searchpath.append(str(desk.ROOT / "tests/static/templates"))  # type: ignore[union-attr]
    Babel(app)
    templating.install(app)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    app.jinja_env.globals["now"] = desk.NOW
    app.context_processor(lambda: {"shell": frame()})
    app.after_request(protect)
    app.add_url_rule("/palette", view_func=palette)
    app.add_url_rule("/picker", view_func=picker)
    app.add_url_rule("/done", view_func=lambda: ("", 204), methods=["POST"], endpoint="done")
    app.add_url_rule("/", view_func=index)
    app.add_url_rule("/<name>", view_func=page, methods=["GET", "POST"])
    return app


def index() -> str:
    """List the pages."""
    return "<!doctype html><html lang=en><title>Gallery</title>" + "".join(
        f"<p><a href='/{n}'>{n}</a>" for n in PAGES
    )


def page(name: str) -> str:
    """Draw one page."""
    template, fill = PAGES[name]
    return render_template(template, page=fill(), desk=desk)


def palette() -> str:
    """Answer the palette as the product will: options in groups."""
    found = [
        w
        for w in ("Billing team", "Refund for order 20731", "Routing rules")
        if request.args["q"].lower() in w.lower()
    ]
    return "".join(f'<a role="option" id="p{n}" href="/list">{word}</a>' for n, word in enumerate(found))


def picker() -> dict[str, object]:
    """Answer a picker."""
    names = ("Ada Admin", "Mara Klein", "Tom Okafor")
    return {
        "items": [{"value": str(n), "text": name, "detail": "Billing"} for n, name in enumerate(names, 1)]
    }


def protect(response: Response) -> Response:
    """Send the product's content security policy."""
    response.headers["Content-Security-Policy"] = CSP
    return response


def frame() -> Frame:
    """Return what surrounds the page, as the address asks."""
    ask = request.args
    customer = request.path == "/portal"
    return Frame(
        product="Northwind Support",
        theme=ask.get("theme", "light"),
        direction=ask.get("dir", "ltr"),
        locale="ar" if ask.get("dir") == "rtl" else "en",
        folded="folded" in ask,
        person=Person(
            name="Bob Smith" if customer else "Ada Admin",
            initials="AA",
            role_label="Administrator",
            links=(Action(label="Profile", url="/form", icon="user"),),
        ),
        navigation=desk.CUSTOMER_NAVIGATION if customer else navigation(),
        flashes=(Flash("ok", "Ticket #4812 resolved", "/done"),) if "flash" in ask else (),
        palette_url="/palette",
        theme_url="/done",
        sign_out_url="/done",
    )


def navigation() -> tuple[NavGroup, ...]:
    """Mark the item whose page is open."""
    here = "/inbox" if request.path == "/inbox" else "/list"
    return tuple(
        NavGroup(
            label,
            [
                NavItem(**{**vars(i), "current": i.url == here and i.icon in ("users", "layers")})
                for i in items
            ],
        )
        for label, items in desk.NAVIGATION
    )


if __name__ == "__main__":
    create().run(port=int(sys.argv[1]), threaded=True)
