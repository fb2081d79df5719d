"""The profile: what people change of themselves, and their password."""

from __future__ import annotations

import re

import pytest

from app.models.people import Availability, Employee
from tests.views.home.conftest import PASSWORD, Enter

GOOD = {
    "own_capacity": "",
    "own_capacity_until": "",
    "name": "Mara Klein",
    "signature": "Mara",
    "availability": "busy",
    "language": "de",
    "time_zone": "Europe/Berlin",
    "theme": "dark",
    "density": "compact",
}


def test_the_profile_is_kept(app, enter: Enter, people: dict[str, int]) -> None:  # type: ignore[no-untyped-def]
    from app.core.extensions import db

    mara = enter("mara")
    assert mara.post("/profile/", data=GOOD | {"language": ""}).status_code == 302
    page = mara.get("/profile/").text
    assert 'data-theme="dark" data-density="compact" data-keys="off"' in page
    with app.app_context():
        kept = db.session.get_one(Employee, people["mara"])
        assert (kept.name, kept.availability, kept.signature) == ("Mara Klein", Availability.BUSY, "Mara")
        assert (kept.time_zone, kept.preferences) == ("Europe/Berlin", {"keys": False})


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"availability": "asleep"}, "availability"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_a_wrong_value_is_named_and_the_rest_stays(enter: Enter, wrong: dict[str, str], name: str) -> None:
    answer = enter("mara").post("/profile/", data=GOOD | {"signature": "Kept words"} | wrong)
    assert answer.status_code == 422
    assert f'id="e-{name}"' in answer.text
    assert "Kept words" in answer.text


def test_an_old_form_is_refused_and_kept(enter: Enter) -> None:
    ada = enter("ada")
    version = re.search(r'name="version" value="(\d+)"', ada.get("/profile/").text)
    assert version
    form = GOOD | {"language": "", "version": version[1]}
    assert ada.post("/profile/", data=form).status_code == 302
    answer = ada.post("/profile/", data=form | {"signature": "Typed late"})
    assert answer.status_code == 409
    assert "Typed late" in answer.text


def test_a_password_needs_the_present_one_and_ends_other_sessions(enter: Enter) -> None:
    here, elsewhere = enter("wim"), enter("wim")
    wrong = here.post("/profile/password", data={"current": "nope", "password": "a new long sentence"})
    assert (wrong.status_code, 'id="e-current"' in wrong.text) == (422, True)
    weak = here.post("/profile/password", data={"current": PASSWORD, "password": "password"})
    assert (weak.status_code, 'id="e-password"' in weak.text) == (422, True)
    done = here.post("/profile/password", data={"current": PASSWORD, "password": "a new long sentence"})
    assert done.status_code == 302
    assert here.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    assert enter("wim").get("/profile/").status_code == 302
    assert enter("wim", "a new long sentence").get("/profile/").status_code == 200


def test_an_own_limit_is_kept_shown_and_taken_back(enter: Enter) -> None:
    ada, form = enter("ada"), GOOD | {"language": "", "time_zone": ""}
    lowered = form | {"own_capacity": "3", "own_capacity_until": "today"}
    assert ada.post("/profile/", data=lowered).status_code == 302
    page = ada.get("/profile/").text
    assert "Open tickets at most: 3" in page
    assert '<option value="today" selected>' in page
    assert ada.post("/profile/", data=lowered | {"own_capacity_until": ""}).status_code == 302
    assert '<option value="" selected>Until I change it' in ada.get("/profile/").text
    assert ada.post("/profile/", data=form).status_code == 302
    assert "Open tickets at most: 20" in ada.get("/profile/").text


@pytest.mark.parametrize(
    ("typed", "name", "said"),
    [
        ({"own_capacity": "21"}, "own_capacity", "At most 20"),
        ({"own_capacity": "few"}, "own_capacity", "Write a number"),
        ({"own_capacity": "3", "own_capacity_until": "ever"}, "own_capacity_until", "choose one of the list"),
    ],
)
def test_a_wrong_limit_says_what_to_do(enter: Enter, typed: dict[str, str], name: str, said: str) -> None:
    answer = enter("ada").post("/profile/", data=GOOD | {"language": ""} | typed)
    assert answer.status_code == 422
    assert f'id="e-{name}"' in answer.text
    assert said in answer.text
