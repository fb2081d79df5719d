"""A ticket: its timeline, replies and notes, and what happens when somebody else was quicker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.extensions import db
from app.models.mails import Mail
from app.models.tickets import Priority, Status
from tests.views.inbox.conftest import Desk, hidden


def test_the_timeline_says_why_it_is_here(desk: Desk, mara: FlaskClient) -> None:
    page = mara.get(f"/inbox/mine/{desk.ids['refund']}").text
    assert "Routed to Billing, Mara, by rule “Refunds”" in page
    assert "Subject was “Refund of order 7”" in page
    assert "lacks the skill" in page  # why not Tom
    assert "<em>it</em>" in page


def test_a_reply_is_sent_and_leaves_the_ticket_pending(desk: Desk, mara: FlaskClient) -> None:
    number = desk.ticket("Refund please")
    page = mara.get(f"/inbox/mine/{number}").text
    sent = {
        "body": "We are **on** it.",
        "kind": "reply",
        "status": "pending",
        "newest_seen": hidden(page, "newest_seen"),
    }
    answer = mara.post(f"/inbox/mine/{number}/reply", data=sent)
    assert answer.headers["Location"] == f"/inbox/mine/{number}"
    assert desk.said(number) == [("We are **on** it.", False)]
    assert desk.now(number).status is Status.PENDING
    assert "<strong>on</strong>" in mara.get(f"/inbox/mine/{number}").text


def test_a_note_stays_inside_and_moves_nothing(desk: Desk, mara: FlaskClient) -> None:
    number = desk.ticket("Refund again")
    mara.post(f"/inbox/mine/{number}/reply", data={"body": "Careful.", "kind": "note", "status": "resolved"})
    assert desk.said(number) == [("Careful.", True)]
    assert desk.now(number).status is Status.NEW
    assert "Internal note" in mara.get(f"/inbox/mine/{number}").text


def test_a_newer_message_is_shown_before_sending(desk: Desk, mara: FlaskClient) -> None:
    number = desk.ticket("Refund, and more")
    seen = hidden(mara.get(f"/inbox/mine/{number}").text, "newest_seen")
    desk.says(number, "I found the parcel!")
    typed = {"body": "Where is your parcel?", "kind": "reply", "newest_seen": seen}
    answer = mara.post(f"/inbox/mine/{number}/reply", data=typed)
    assert answer.status_code == 409
    assert "I found the parcel!" in answer.text
    assert ">Where is your parcel?</textarea>" in answer.text
    assert answer.headers["HX-Replace-Url"] == f"/inbox/mine/{number}"
    again = typed | {"newest_seen": hidden(answer.text, "newest_seen")}
    assert mara.post(f"/inbox/mine/{number}/reply", data=again).status_code == 302
    assert desk.said(number)[-1] == ("Where is your parcel?", False)


def test_nothing_is_sent_without_words(desk: Desk, mara: FlaskClient) -> None:
    number = desk.ids["refund"]
    answer = mara.post(f"/inbox/mine/{number}/reply", data={"body": "  ", "kind": "reply"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert desk.said(number) == []


def test_what_no_text_can_hold_is_refused(desk: Desk, mara: FlaskClient) -> None:
    number = desk.ids["refund"]
    answer = mara.post(f"/inbox/mine/{number}/reply", data={"body": "a\0b", "kind": "reply"})
    assert answer.status_code == 422
    assert desk.said(number) == []


def test_a_reply_bears_the_signature(desk: Desk, enter: Callable[[str], FlaskClient]) -> None:
    tom = enter("tom")
    page = tom.get("/profile/").text
    profile = {
        "name": "Tom",
        "signature": "Tom, Billing",
        "availability": "available",
        "version": hidden(page, "version"),
    }
    assert tom.post("/profile/", data=profile).status_code == 302
    number = desk.ticket("Signed")
    tom.post(f"/inbox/unassigned/{number}/reply", data={"body": "Hello.", "kind": "reply"})
    tom.post(f"/inbox/unassigned/{number}/reply", data={"body": "A note.", "kind": "note"})
    assert desk.said(number) == [("Hello.\n\nTom, Billing", False), ("A note.", True)]


def test_a_macro_joins_what_was_typed(desk: Desk, mara: FlaskClient) -> None:
    number = desk.ids["refund"]
    typed = {"body": "First.", "kind": "reply", "macro": str(desk.ids["macro"])}
    answer = mara.post(f"/inbox/mine/{number}/macro", data=typed)
    assert answer.status_code == 200
    assert f">First.\n\nDear Bob Smith, about #{number}</textarea>" in answer.text
    assert desk.said(number) == []


def test_anothers_macro_is_not_there(desk: Desk, mara: FlaskClient) -> None:
    number = desk.ids["refund"]
    assert "Secret of Tom" not in mara.get(f"/inbox/mine/{number}").text
    answer = mara.post(f"/inbox/mine/{number}/macro", data={"macro": str(desk.ids["toms_macro"])})
    assert answer.status_code == 404


def test_a_macro_s_changes_are_shown_and_made_with_the_send(desk: Desk, mara: FlaskClient) -> None:
    number, solves = desk.ticket("Solve this"), str(desk.ids["solves"])
    base = f"/inbox/open/{number}"
    shown = mara.post(f"{base}/macro", data={"body": "", "kind": "reply", "macro": solves}).text
    assert f'name="apply" value="{solves}" checked' in shown
    assert "Priority: Low" in shown
    assert 'name="status" value="resolved"' in shown.split("Send and resolve")[0].rsplit("<button", 1)[1]
    assert desk.now(number).priority is Priority.MEDIUM
    sent = {"body": "Done.", "kind": "reply", "status": "resolved", "apply": solves}
    assert mara.post(f"{base}/reply", data=sent).status_code == 302
    changed = desk.now(number)
    assert (changed.status, changed.priority, changed.tags) == (Status.RESOLVED, Priority.LOW, ["refund"])


@pytest.mark.parametrize(("kind", "left"), [("reply", Status.PENDING), ("note", Status.RESOLVED)])
def test_the_pressed_button_says_the_state_of_a_reply(
    desk: Desk, mara: FlaskClient, kind: str, left: Status
) -> None:
    number = desk.ticket("Whose state counts")
    sent = {"body": "Done.", "kind": kind, "status": "pending", "apply": str(desk.ids["solves"])}
    assert mara.post(f"/inbox/open/{number}/reply", data=sent).status_code == 302
    assert desk.now(number).status is left


def test_what_is_refused_keeps_the_macro_and_sends_nothing(desk: Desk, mara: FlaskClient) -> None:
    number, solves = desk.ticket("Empty answer"), str(desk.ids["solves"])
    sent = {"body": " ", "kind": "reply", "apply": [solves, "nonsense", str(desk.ids["toms_macro"])]}
    answer = mara.post(f"/inbox/open/{number}/reply", data=sent)
    assert answer.status_code == 422
    assert f'name="apply" value="{solves}" checked' in answer.text
    assert f'value="{desk.ids["toms_macro"]}" checked' not in answer.text
    assert desk.said(number) == []


def test_who_hands_a_ticket_over_by_a_macro_goes_on_in_the_list(desk: Desk, mara: FlaskClient) -> None:
    number = desk.ticket("For the lawyers")
    sent = {"body": "Handed over.", "kind": "note", "apply": str(desk.ids["away"])}
    answer = mara.post(f"/inbox/open/{number}/reply", data=sent)
    assert (answer.status_code, answer.location) == (302, "/inbox/open/")
    assert desk.now(number).team_id == desk.ids["Legal"]


def test_a_change_writes_what_differs_and_can_be_undone(desk: Desk, mara: FlaskClient) -> None:
    number = desk.ticket("To be changed")
    version = str(desk.now(number).version)
    fields = {"fields": ["priority", "tags", "custom_fields.seats", "custom_fields.vip"], "version": version}
    typed = {"priority": "low", "tags": "a,b", "custom_fields.seats": "4", "custom_fields.vip": "1"}
    assert mara.post(f"/inbox/open/{number}/change", data=fields | typed).status_code == 302
    changed = desk.now(number)
    assert (changed.priority, changed.tags) == (Priority.LOW, ["a", "b"])
    assert changed.custom_fields == {"seats": 4, "vip": True}
    page = mara.get(f"/inbox/open/{number}").text
    undo = page.split("data-toast>")[1].split('action="')[1].split('"')[0].replace("&amp;", "&")
    assert mara.post(undo).status_code == 302
    back = desk.now(number)
    assert (back.priority, back.tags) == (Priority.MEDIUM, [])
    assert back.custom_fields.get("seats") is None
    assert not back.custom_fields.get("vip")


def test_a_stale_change_is_refused_and_kept(desk: Desk, mara: FlaskClient) -> None:
    number = desk.ticket("Changed by two")
    version = desk.now(number).version
    quick = {"fields": "priority", "priority": "high", "version": str(version)}
    mara.post(f"/inbox/open/{number}/change", data=quick)
    slow = {"fields": "custom_fields.seats", "custom_fields.seats": "9", "version": str(version)}
    answer = mara.post(f"/inbox/open/{number}/change", data=slow)
    assert answer.status_code == 409
    assert 'value="9"' in answer.text
    assert desk.now(number).custom_fields == {}
    again = slow | {"version": hidden(answer.text, "version")}
    assert mara.post(f"/inbox/open/{number}/change", data=again).status_code == 302
    assert desk.now(number).custom_fields == {"seats": 9}


def test_a_wrong_value_is_named_beside_its_field(desk: Desk, mara: FlaskClient) -> None:
    number = desk.ticket("Wrongly changed")
    answer = mara.post(
        f"/inbox/open/{number}/change", data={"fields": "custom_fields.seats", "custom_fields.seats": "many"}
    )
    assert answer.status_code == 422
    assert 'value="many"' in answer.text
    assert 'id="e-custom_fields.seats"' in answer.text


def test_resolving_opens_the_next_and_offers_no_undo(desk: Desk, mara: FlaskClient) -> None:
    number, following = desk.ticket("Refund now"), desk.ids["refund"]
    form = {
        "fields": "status",
        "status": "resolved",
        "next": str(following),
        "version": str(desk.now(number).version),
    }
    answer = mara.post(f"/inbox/mine/{number}/change", data=form)
    assert answer.headers["Location"] == f"/inbox/mine/{following}"
    assert desk.now(number).status is Status.RESOLVED
    page = mara.get(answer.headers["Location"]).text
    assert "Ticket resolved" in page
    assert "inbox.change" not in page.split("data-toast>")[1].split("</div>")[0]
    assert "/change?" not in page


def test_others_may_not_act(desk: Desk, mara: FlaskClient) -> None:
    for deed in ("reply", "change", "macro"):
        form = {"body": "x", "fields": "priority", "priority": "low", "macro": str(desk.ids["macro"])}
        assert mara.post(f"/inbox/open/{desk.ids['legal']}/{deed}", data=form).status_code == 404
        assert mara.get(f"/inbox/open/{desk.ids['legal']}/{deed}").status_code == 405
    assert desk.said(desk.ids["legal"]) == []
    assert desk.now(desk.ids["legal"]).priority is Priority.MEDIUM


def test_two_tickets_are_merged_and_the_agent_goes_on_in_the_inbox(desk: Desk, mara: FlaskClient) -> None:
    one, other = desk.ticket("Refund, first"), desk.ticket("Refund, second")
    desk.says(one, "Are you there?")
    deed = f"/inbox/mine/{one}/merge?state=all"
    assert f'href="{deed}"' in mara.get(f"/inbox/mine/{one}?state=all").text
    asked = mara.get(deed).text
    assert f"#{other} Refund, second (New)" in asked
    assert "closed for good" in asked
    assert f"#{desk.ids['legal']} " not in asked
    nowhere = mara.post(deed, data={"merged_into_id": "", "comment": "Typed"})
    assert (nowhere.status_code, 'id="e-merged_into_id"' in nowhere.text) == (422, True)
    assert "Typed</textarea>" in nowhere.text
    done = mara.post(deed, data={"merged_into_id": str(other)})
    assert done.headers["Location"] == f"/inbox/mine/{other}?state=all"
    assert desk.said(other) == [("Are you there?", False), ("All of *it*.", False)]
    page = mara.get(f"/inbox/resolved/{one}").text
    assert f'href="/inbox/resolved/{other}">#{other}</a>' in page
    assert "data-compose=" not in page
    joined = mara.get(f"/inbox/mine/{other}").text
    assert f"#{one} goes on here, in #{other}." in page + joined
    assert f"#{one}" in joined
    assert joined.count("All of <em>it</em>") == 2, "what was asked in the older one is told too"
    assert joined.index("Are you there?") < joined.index("Merged from")
    assert mara.get(deed).status_code == 200
    again = mara.post(deed, data={"merged_into_id": str(desk.ids["free"]), "comment": "Typed"})
    assert (again.status_code, "Typed</textarea>" in again.text) == (409, True)


@pytest.mark.parametrize("comment", ["", "  ", "We go on in *one* place."])
def test_who_asked_is_told_of_a_merge_if_there_is_something_to_say(
    desk: Desk, mara: FlaskClient, comment: str
) -> None:
    one, other = desk.ticket("Refund, first"), desk.ticket("Refund, second")
    mara.post(f"/inbox/mine/{one}/merge", data={"merged_into_id": str(other), "comment": comment})
    with desk.app.app_context():
        mails = db.session.scalars(
            select(Mail).where(Mail.ticket_id.in_([one, other]), Mail.kind == "reply")
        ).all()
        told = [
            (mail.recipient, comment.replace("*", "") in mail.body_text.replace("*", "")) for mail in mails
        ]
    assert told == ([("bob@example.com", True)] if comment.strip() else [])
    said = [body for body, inside in desk.said(other) if not inside]
    assert (comment in said) is bool(comment.strip())
