"""Markdown in forms: a preview as the text will be shown, safe, and nothing is saved by looking."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.core.extensions import db
from app.models.articles import Article
from tests.generate.test_nested import sent

ADD = "/admin/kb_articles/add"


def test_a_preview_shows_the_text_as_it_will_be_and_saves_nothing(app: Flask, admin: FlaskClient) -> None:
    form = admin.get(ADD).text
    assert 'name="content.preview"' in form
    typed = sent(
        form, title="Draft", content="**Bold** <script>alert(1)</script>", **{"content.preview": "1"}
    )
    page = admin.post(ADD, data=typed).text
    assert "<strong>Bold</strong>" in page
    assert "<script>alert" not in page
    assert "**Bold**" in page, "what was typed stays"
    with app.app_context():
        assert db.session().scalar(select(func.count()).select_from(Article)) == 0


def test_the_page_of_a_row_draws_its_text(app: Flask, admin: FlaskClient) -> None:
    made = admin.post(ADD, data=sent(admin.get(ADD).text, title="Shown", content="- one\n- two"))
    assert made.status_code == 302
    assert "<li>one</li>" in admin.get(made.location).text
