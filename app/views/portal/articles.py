"""Public articles: by topic, by search, one by one, and as hints while a request is being written."""

from __future__ import annotations

from itertools import groupby

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from app.adapters import markdown
from app.core.errors import NotFound
from app.core.extensions import db
from app.generate.errors import answer
from app.models.articles import Article
from app.services import portal as reads
from app.views.portal.blueprint import portal


@portal.get("/articles/")
def articles() -> Response:
    """Show the articles of a topic, those found, or all by topic."""
    session, words = db.session(), request.args.get("q", "").strip()
    section = request.args.get("section", "").strip().replace("\0", "") or None
    found = reads.found(session, words) if words else reads.articles(session, section=section)
    groups = [(None, found)] if words or section else _by_section(found)
    return answer("portal/articles.html", words=words, section=section, groups=groups, count=len(found))


@portal.get("/new/hints")
def hints() -> str:
    """Show articles that may answer what is being typed as a subject: a fragment, put into the form."""
    return render_template(
        "portal/hints.html", hints=reads.hints(db.session(), request.args.get("title", ""))
    )


@portal.get("/articles/<slug>")
def article(slug: str) -> Response:
    """Show one article."""
    try:
        one = reads.article(db.session(), slug)
    except NotFound:
        abort(404)  # signing in would not help
    return answer("portal/article.html", article=one, text=markdown.render(one.content))


def _by_section(found: list[Article]) -> list[tuple[str | None, list[Article]]]:
    return [(section, list(group)) for section, group in groupby(found, key=lambda one: one.section)]
