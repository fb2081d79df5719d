"""HTML that a row holds is read in a frame that runs nothing, loads nothing, and stands on no other site."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access import SYSTEM
from app.core.extensions import db
from app.models.effects import State
from app.models.mails import Mail
from app.record import act_as
from tests.generate.conftest import People

HTML = '<p style="color:red">Hello</p><script>alert(1)</script><img src="https://tracker.example/p.png">'
SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture(scope="module")
def mail(app: Flask, people: People) -> int:
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        written = {"kind": "reply", "recipient": "a@example.com", "subject": "Hello", "body_text": "Hello"}
        row = Mail(**written, body_html=HTML, state=State.FAILED, error="refused", lease_count=3)
        session.add(row)
        session.commit()
        return row.id


def test_its_page_frames_it_and_holds_none_of_it(admin: FlaskClient, mail: int) -> None:
    page = admin.get(f"/console/mails/details/?id={mail}").text
    assert f'src="/console/mails/frame/body_html/{mail}"' in page
    assert " sandbox " in page.split("<iframe")[1].split(">")[0]
    assert "<script>alert(1)" not in page
    for told in ("a@example.com", "refused", "Failed", f"/console/mails/act/retry/{mail}"):
        assert told in page


def test_the_frame_runs_and_loads_nothing(admin: FlaskClient, mail: int) -> None:
    answer = admin.get(f"/console/mails/frame/body_html/{mail}")
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert answer.text == HTML
    assert policy["sandbox"] == ""
    assert (policy["default-src"], policy["img-src"], policy["frame-ancestors"]) == (
        "'none'",
        "data:",
        "'self'",
    )
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["body_text/{mail}", "nothing/{mail}", "body_html/0"])
def test_only_what_is_declared_can_be_framed(admin: FlaskClient, mail: int, path: str) -> None:
    assert admin.get(f"/console/mails/frame/{path.format(mail=mail)}").status_code == 404


def test_who_may_not_read_mails_is_told_nothing(sign_in: SignIn, mail: int) -> None:
    assert sign_in("agent").get(f"/console/mails/frame/body_html/{mail}").status_code == 404
    assert sign_in(None).get(f"/console/mails/frame/body_html/{mail}").status_code in {302, 404}


def test_what_went_out_is_not_offered_again(app: Flask, admin: FlaskClient, mail: int) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        row = db.session.scalars(select(Mail).where(Mail.id == mail)).one()
        row.state = State.DONE
        db.session.commit()
    assert "/act/retry/" not in admin.get(f"/console/mails/details/?id={mail}").text
    again = admin.post(f"/console/mails/act/retry/{mail}")
    assert again.status_code == 409
    assert "sent already" in again.text
