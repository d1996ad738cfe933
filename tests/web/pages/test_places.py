"""The pages of the room: every verb has its place and its form, and the whole story goes by forms alone."""

import re
from typing import Any

import pytest

from muster.access.verbs import VERBS, Target, Verb
from muster.app import due_view, world
from muster.app.due_view import DoorView, EffectView
from muster.app.room import Part
from muster.disclose.rules import WORK as DISCLOSE
from muster.learn.rules import PLAN_WORK
from muster.learn.rules import WORK as LEARN
from muster.respond.rules_of_work import WORK
from muster.web.pages.places import PLACES, Place, fixed
from tests.store.world import counted
from tests.web.pages.conftest import Browser, House
from tests.web.pages.room_scene import ACTION, SHA, commanded, filled, worked
from tests.web.pages.test_hostile_words import TRIED, _harmless


def fill(browser: Browser, action: str, where: dict[str, str] | None = None, /, **fields: Any) -> str:
    """Fills the form of this action whose fields hold these values, and sends it."""
    found = [
        (form[0], nth)
        for nth, form in enumerate(one for one in browser.forms() if one[0].partition("#")[0] == action)
        if all(form[1].get(name) == value for name, value in (where or {}).items())
    ]
    assert found, (action, where, browser.text[:400])
    return browser.send(action, nth=found[0][1], **fields)


def offered(browser: Browser) -> set[str]:
    """The verbs that have a form on this page."""
    return {form[0].partition("#")[0].rpartition("/")[2] for form in browser.forms()}


def test_every_verb_of_an_incident_has_a_place() -> None:
    words = {*WORK, *DISCLOSE, *LEARN, *PLAN_WORK}
    assert words <= {verb.value for verb in PLACES}
    assert all(VERBS[verb].target in (Target.INCIDENT, Target.STREAM, Target.PLAN) for verb in PLACES)
    assert {place.part for place in PLACES.values()} == {None, *Part}


def test_the_address_tells_which_incident_it_is_about() -> None:
    assert fixed(Verb.TASK, "INC-1") == {"incident": "INC-1"}
    assert fixed(Verb.REDACT, "INC-1") == {"stream": "INC-1"}
    assert fixed(Verb.AGREE_LESSON, "INC-1") == {}
    assert Place(None, "x", "seq").name(Verb.REDACT, "", "4") == "redact-4"
    assert Place(Part.WORK, "x").name(Verb.DONE, "done-4", "") == "done-4"
    assert Place(Part.WORK, "x").name(Verb.DONE, "", "") == "done"


def test_tasks_by_their_forms(house: House) -> None:
    code = commanded(house)
    at = f"/incidents/{code}"
    anna, ben = house.signed_in("anna"), house.signed_in("ben")
    anna.get(f"{at}/work")
    fill(anna, f"{at}/task", text="Save the logs", owner=house.accounts["ben"], minutes="45", hands_on="true")
    assert anna.path == f"{at}/work"
    assert "Ben, not taken up yet; due in 45 min" in anna.text
    ben.get(f"{at}/work")
    assert "A task was given to you: Save the logs" in ben.text
    fill(ben, f"{at}/take")
    fill(ben, f"{at}/check-back", text="Half of them")
    fill(ben, f"{at}/correct", text="Save all logs")
    assert "Last report: Half of them" in ben.text
    assert "Corrected: Save all logs" in ben.text
    fill(ben, f"{at}/hand-over", to=house.accounts["anna"], minutes="30")
    anna.get(f"{at}/work")
    fill(anna, f"{at}/done", text="They are safe")
    assert "No task is open." in anna.text
    fill(anna, f"{at}/task", text="Another", owner=house.accounts["ben"])
    fill(anna, f"{at}/drop", reason="Not needed")
    assert "No task is open." in anna.text


def test_decisions_by_their_forms(planned: House) -> None:
    code = commanded(planned)
    at = f"/incidents/{code}"
    anna, ben = planned.signed_in("anna"), planned.signed_in("ben")
    ben.get(f"{at}/work")
    fill(ben, f"{at}/ask-decision", text="Cut it off?", options="yes\nno", minutes="20")
    planned.do(Verb.FACT, incident=code, text="Data left", source="log")
    anna.get(f"{at}/work")
    assert "Asked for by Ben, of the commander; needed in 20 min ." in anna.text
    assert "Options: yes; no" in anna.text
    fill(anna, f"{at}/decide", text="We cut it off", reason="Data leaves", authority="disconnect")
    assert "under disconnect" in anna.text
    assert "What was known then: 1" in anna.text
    assert "fact: Data left" in anna.text
    again = {"replaces": re.findall(r'id="made-(\d+)"', anna.page)[0]}
    fill(anna, f"{at}/decide", again, text="We plug it in again", reason="It was saved")
    assert "We cut it off" not in anna.text
    fill(ben, f"{at}/ask-decision", text="And now?")
    fill(ben, f"{at}/withdraw-decision", reason="It is clear")
    assert "No decision is asked for." in ben.text


def test_evidence_milestones_services_and_posture_by_their_forms(planned: House) -> None:
    code = commanded(planned)
    at = f"/incidents/{code}"
    anna, ben = planned.signed_in("anna"), planned.signed_in("ben")
    fact = planned.do(Verb.FACT, incident=code, text="It is cut off", source="log")["seq"]
    anna.get(f"{at}/work")
    fill(anna, f"{at}/evidence", name="memory", place="web-1", sha256=SHA, size="12", of="web-1\nportal")
    assert "memory of web-1, portal" in anna.text
    fill(anna, f"{at}/access", purpose="To find the key")
    fill(anna, f"{at}/pass-on", to=planned.accounts["ben"])
    ben.get(f"{at}/work")
    fill(ben, f"{at}/receive")
    assert "Held by Ben (you)" in ben.text
    fill(ben, f"{at}/verify-evidence")
    assert "It did not verify" in ben.text
    fill(anna, f"{at}/milestone", milestone="contained", shown_by=[str(fact)], text="It holds")
    assert f"shown by {fact}: It holds" in anna.text
    fill(anna, f"{at}/revoke-milestone", reason="Too early")
    assert "contained (revoked)" in anna.text
    fill(anna, f"{at}/seen-again", text="They are back")
    fill(anna, f"{at}/lost", service="mail")
    assert "Bring it back first." in anna.text
    fill(anna, f"{at}/restored", {"service": "mail"}, reason="")
    assert "mail works again" in anna.text
    fill(anna, f"{at}/posture", posture="watch", reason="They look")
    assert "The attacker must not notice anything yet." in anna.text


def test_a_playbook_by_its_forms(planned: House) -> None:
    code = commanded(planned)
    at = f"/incidents/{code}"
    ben, anna = planned.signed_in("ben"), planned.signed_in("anna")
    ben.get(f"{at}/runs")
    fill(ben, f"{at}/run", playbook="web-intrusion")
    assert "playbooks/web-intrusion.yaml:15" in ben.text
    assert "Next for Ben (you), duty-engineer" in ben.text
    fill(ben, f"{at}/take-step")
    assert "At it: Ben (you)" in ben.text
    fill(ben, f"{at}/fail-step", reason="No access")
    assert "Failed, with Ben (you)" in ben.text
    fill(ben, f"{at}/finish-step", text="Found it")
    assert "1 step is done." in ben.text
    fill(ben, f"{at}/tick")
    anna.get(f"{at}/runs")
    fill(anna, f"{at}/skip-step", reason="It cannot wait")
    assert "The plan was left 1 time." in anna.text
    fill(anna, f"{at}/stop-run", reason="A false trail")
    assert "No playbook is being followed." in anna.text


def test_an_action_by_its_forms(planned: House) -> None:
    code = commanded(planned)
    at = f"/incidents/{code}"
    anna, ben = planned.signed_in("anna"), planned.signed_in("ben")
    ben.get(f"{at}/actions")
    fill(
        ben,
        f"{at}/propose",
        **{name: str(value) for name, value in ACTION.items()},
        payload="rule: block\nport: 22",
    )
    assert "The guard: held back until somebody decides." in ben.text
    assert "Instead: Save memory and logs of customer-portal first" in ben.text
    assert "Who could approve it: the commander of this incident or Noor Lindgren" in ben.text
    fill(ben, f"{at}/propose", payload="no colon")
    assert "A line holds no colon." in ben.text
    ben.get(f"{at}/actions")
    fill(ben, f"{at}/change-action", evidence_effect="none", target="laptop-7", target_kind="host")
    anna.get(f"{at}/actions")
    fill(anna, f"{at}/approve")
    assert "Approved until" in anna.text
    fill(anna, f"{at}/start-action")
    assert "running" in anna.text
    fill(anna, f"{at}/action-done", {"worked": "true"}, text="It is off")
    fill(anna, f"{at}/verify-action", text="It does not answer")
    fill(anna, f"{at}/end-action", {"fate": "permanent"}, reason="It is thrown away")
    assert "No action is open." in anna.text
    fill(ben, f"{at}/propose", **{name: str(value) for name, value in ACTION.items()})
    anna.get(f"{at}/actions")
    fill(anna, f"{at}/start-action", override="Data leaves now")
    assert "running" in anna.text
    fill(anna, f"{at}/action-done", {"worked": "false"}, text="It came back")
    fill(anna, f"{at}/withdraw-action", reason="Another way")
    assert "No action is open." in anna.text


def test_legal_clocks_and_statements_by_their_forms(planned: House) -> None:
    code = commanded(planned)
    at = f"/incidents/{code}"
    anna, ben = planned.signed_in("anna"), planned.signed_in("ben")
    anna.get(f"{at}/disclosure")
    for fact, answer in (("personal-data", "yes"), ("risk-to-people", "high")):
        fill(anna, f"{at}/answer-fact", {"fact": fact}, answer=answer, source="The log")
    fill(anna, f"{at}/answer-fact", {"fact": "since-when"}, answer="unknown")
    fill(anna, f"{at}/anchor", {"anchor": "aware"})
    assert "To be filed by 2026-11-27 02:10 UTC , in 3 d 0 h ." in anna.text
    assert "gdpr-art-33/notice in 3 d 0 h" in anna.text
    fill(anna, f"{at}/hold-back", until="2026-11-26T12:00Z", reason="The police asked")
    assert "Held back until" in anna.text
    fill(anna, f"{at}/scope", {"obligation": "nordwind-contract"}, ours="no", reason="None of theirs")
    fill(anna, f"{at}/file-notice", {"obligation": "gdpr-art-33"}, receipt="DPA-17")
    assert "Receipt: DPA-17" in anna.text
    fact = planned.do(Verb.FACT, incident=code, text="A key was used", source="log")["seq"]
    fill(
        anna,
        f"{at}/draft-statement",
        {"form": "draft-statement"},
        **{
            "audience": "internal",
            "subject": "What we know",
            "sentence-1": "A key was used.",
            "rests-1": f"#{fact}",
        },
        recipients=["noor-lindgren"],
    )
    assert f"Rests on {fact}: A key was used" in anna.text
    assert "You drafted it; somebody else approves it." in anna.text
    ben.get(f"{at}/disclosure")
    fill(ben, f"{at}/approve-statement")
    assert "approved by Ben" in ben.text
    fill(ben, f"{at}/send-statement")
    assert "sent" in ben.text
    assert "0 recipients" not in ben.text


def test_an_anchor_is_taken_back(planned: House) -> None:
    code = commanded(planned)
    at = f"/incidents/{code}"
    for fact, answer in (("personal-data", "yes"), ("risk-to-people", "high")):
        planned.do(Verb.ANSWER_FACT, incident=code, fact=fact, answer=answer, source="log", expected=0)
    planned.do(Verb.ANCHOR, incident=code, anchor="aware")
    anna = planned.signed_in("anna")
    anna.get(f"{at}/disclosure")
    fill(anna, f"{at}/withdraw-anchor", reason="It was a test")
    assert "Not recorded yet" in anna.text


def test_learning_by_its_forms(planned: House) -> None:
    code = commanded(planned)
    at = f"/incidents/{code}"
    anna, ben = planned.signed_in("anna"), planned.signed_in("ben")
    fact = planned.do(Verb.FACT, incident=code, text="No second factor", source="log")["seq"]
    anna.get(f"{at}/learning")
    fill(anna, f"{at}/schedule-review", due="2026-11-30T12:00Z", lead=planned.accounts["ben"])
    assert "led by Ben" in anna.text
    fill(anna, f"{at}/cause", text="An admin error", cause="technical", evidence=[str(fact)])
    assert "An error of a person is where the question begins" in anna.text
    fill(
        anna, f"{at}/cause", text="Nothing asked for a second factor", cause="technical", evidence=[str(fact)]
    )
    assert f"technical, shown by {fact}" in " ".join(anna.text.replace("entries ", "").split())
    fill(anna, f"{at}/lesson", text="Ask for one")
    fill(anna, f"{at}/agree-lesson", owner=planned.accounts["ben"], due="2026-12-24T12:00Z")
    assert "agreed. Ben, by 2026-12-24 UTC" in anna.text
    change = {"line-1": "roles.yaml#/roles/scribe/title", "says-1": "Scribe of the night"}
    fill(anna, f"{at}/write-change", **change)
    assert "Scribe of the night" in anna.text
    assert "roles.yaml:" in anna.text
    ben.get(f"{at}/learning")
    fill(ben, f"{at}/approve-change")
    assert "untested" in ben.text
    assert "mark-tested" in offered(ben)
    fill(anna, f"{at}/lesson", text="Another")
    ben.get(f"{at}/learning")
    fill(ben, f"{at}/drop-lesson", reason="It is good as it is")
    fill(ben, f"{at}/withdraw-cause", reason="It was none")
    anna.get(f"{at}/learning")
    fill(anna, f"{at}/no-causes", reason="A test")
    assert "Nobody looks for causes here" in anna.text
    fill(anna, f"{at}/hold-review", people=[planned.accounts["anna"]])
    assert "recorded by Anna" in anna.text


def test_an_incident_that_teaches_nothing(house: House) -> None:
    code = commanded(house)
    anna = house.signed_in("anna")
    anna.get(f"/incidents/{code}/learning")
    fill(anna, f"/incidents/{code}/no-lesson", reason="A test of the backup")
    assert "This incident changes nothing in the plan" in anna.text


def test_a_refused_form_is_shown_again_where_it_stands(house: House) -> None:
    code = commanded(house)
    at = f"/incidents/{code}"
    done = worked(house, code)
    anna = house.signed_in("anna")
    anna.get(f"{at}/work")
    fill(anna, f"{at}/milestone", milestone="eradicated", text="Precious words")
    assert anna.status == 409
    assert "That it is eradicated must be shown." in anna.text
    assert "Precious words" in anna.page
    assert "<h1>Work</h1>" in anna.page
    assert anna.page.count('id="problem"') == 1
    anna.get(f"{at}/milestone")
    assert anna.path == f"{at}/work"
    assert done["task"]


def test_a_conflict_leads_back_to_its_page_and_shows_both(house: House) -> None:
    code = commanded(house)
    at = f"/incidents/{code}"
    task = worked(house, code)["task"]
    anna = house.signed_in("anna")
    anna.get(f"{at}/work")
    house.do(Verb.HAND_OVER, "ben", incident=code, task=task, to=house.accounts["boss"], expected=1)
    fill(anna, f"{at}/done", {"task": str(task)}, text="All saved")
    assert anna.status == 409
    assert "it is The Boss's" in anna.text
    assert "done: All saved" in anna.text
    assert f'<a href="{at}/work">Leave it as it stands</a>' in anna.page
    anna.send(f"{at}/done")
    assert anna.path == f"{at}/work"


def test_words_that_changed_are_read_again_not_sent_nevertheless(planned: House) -> None:
    code = commanded(planned)
    at = f"/incidents/{code}"
    draft = {"audience": "internal", "subject": "x", "sentences": [{"text": "We look."}]}
    planned.do(Verb.DRAFT_STATEMENT, "anna", incident=code, **draft)
    ben = planned.signed_in("ben")
    ben.get(f"{at}/disclosure")
    seq = re.findall(r'id="statement-(\d+)"', ben.page)[0]
    more = draft | {"sentences": [{"text": "We look again."}], "statement": int(seq), "expected": 1}
    planned.do(Verb.DRAFT_STATEMENT, "anna", incident=code, **more)
    fill(ben, f"{at}/approve-statement")
    assert ben.status == 409
    assert "Read it again" in ben.text
    assert f"{at}/approve-statement" not in [form[0].partition("#")[0] for form in ben.forms()]


def test_an_incident_that_ended_offers_no_work(house: House) -> None:
    code = commanded(house)
    house.do(Verb.STAND_DOWN, incident=code, reason="A test")
    anna = house.signed_in("anna")
    for part in Part:
        anna.get(f"/incidents/{code}/{part}")
        assert anna.status == 200
        assert offered(anna) <= {"sign-out", "lesson"}, part


def test_another_plan_in_force_is_offered_with_a_reason(planned: House) -> None:
    code = commanded(planned)
    anna = planned.signed_in("anna")
    anna.get(f"/incidents/{code}")
    assert "repin" not in offered(anna)
    lesson = planned.do(Verb.LESSON, incident=code, text="Write it down")["lesson"]
    line = {"id": "roles.yaml#/roles/scribe/title", "text": "Scribe of the night"}
    written = planned.do(Verb.WRITE_CHANGE, lesson=lesson, expected=1, lines=[line])
    planned.do(Verb.APPROVE_CHANGE, "ben", lesson=lesson, expected=2, sha256=written["sha256"])
    anna.get(f"/incidents/{code}")
    fill(anna, f"/incidents/{code}/repin", reason="The scribe is named now")
    assert "repin" not in offered(anna)


def test_a_call_is_answered_where_it_shows(planned: House) -> None:
    code = commanded(planned)
    planned.do(Verb.ASK_DECISION, "ben", incident=code, text="Cut it off?")
    anna = planned.signed_in("anna")
    anna.get(f"/incidents/{code}")
    assert "Somebody is being called: decision asked" in anna.text
    fill(anna, f"/incidents/{code}/answer")
    assert "Somebody is being called: decision asked" not in anna.text


def test_what_became_of_an_effect_is_asked_of_a_person(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    code = commanded(house)
    effect = EffectView(seq=4, channel="webhook", sort="action", unsure=True, attempts=1)
    monkeypatch.setattr(due_view, "view", lambda _state: DoorView(calls=(), effects=(effect,), waiting=0))
    anna = house.signed_in("anna")
    anna.get(f"/incidents/{code}")
    assert "Nobody knows whether this happened: action by webhook." in anna.text
    fill(anna, f"/incidents/{code}/effect", became="done", reason="It does not answer")
    assert "This number is no effect that is open." in anna.text
    assert "It does not answer" in anna.page


def test_why_this_severity_shows_the_table_of_the_plan(house: House) -> None:
    code = commanded(house)
    anna = house.signed_in("anna")
    anna.get(f"/incidents/{code}")
    fill(anna, f"/incidents/{code}/severity", functional="medium")
    assert "Why SEV1?" in anna.text
    assert "A critical service is degraded or lost to some. This one holds." in anna.text


def test_pages_of_the_room_take_few_statements_and_little_space(
    planned: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "FRESH_SECONDS", 3_600)
    code = filled(planned)
    anna = planned.signed_in("anna")
    database = planned.muster.record.ledger.database
    planned.muster.world.now()
    for part in ("", *(f"/{one}" for one in Part)):
        with counted(database) as statements:
            anna.get(f"/incidents/{code}{part}")
        assert anna.status == 200
        assert len(statements) <= 12, (part, statements)
        assert len(anna.page.encode()) <= 100_000, part


@pytest.mark.parametrize("words", TRIED)
def test_hostile_words_are_text_on_every_page_of_the_room(planned: House, words: str) -> None:
    code = filled(planned, words.replace("\n", " ").replace("\r", " ")[:140])
    anna = planned.signed_in("anna")
    for part in ("", *(f"/{one}" for one in Part)):
        anna.get(f"/incidents/{code}{part}")
        assert anna.status == 200
        _harmless(anna)
    line = words.replace("\n", " ")
    for part, verb, fields in (
        (Part.WORK, "task", {"text": words, "owner": line}),
        (Part.WORK, "evidence", {"name": words, "place": words, "sha256": line, "size": line, "of": words}),
        (Part.WORK, "lost", {"service": line}),
        (Part.ACTIONS, "propose", {"action": line, "purpose": words, "harm": words, "minutes": line}),
        (Part.DISCLOSURE, "draft-statement", {"sentence-1": words, "rests-1": line, "audience": line}),
        (Part.LEARNING, "lesson", {"text": words * 100}),
    ):
        anna.get(f"/incidents/{code}/{part}")
        fill(anna, f"/incidents/{code}/{verb}", {"form": verb}, **fields)
        assert anna.status in (400, 409), verb
        _harmless(anna)
