"""What views are made from: words of entries that may be read, and who looks."""

from muster.app.look import Look, Words
from muster.respond.facts import AskQuestion, StateFact
from muster.respond.posture import Posture, SetPosture
from tests.access.world import ANA, BEN, erased
from tests.app.looking import looking, words
from tests.respond.work_scene import WorkScene


def test_hidden_and_erased_words_stay_hidden() -> None:
    scene = WorkScene()
    incident = scene.declared()
    scene.do(StateFact(incident=incident, text="hunter2", source="x"), ANA)
    seq = scene.state(incident).seq
    read = words(scene, incident)
    assert (read.text(seq), read.text(seq, "source"), read.text(None)) == ("hunter2", "x", "")
    assert read.text(seq, "nothing") == ""
    hidden = words(scene, incident, {seq})
    assert (hidden.text(seq), hidden.body(seq)) == ("(hidden)", None)
    gone = Words({seq: erased(read.entries[seq])})
    assert (gone.text(seq), gone.body(seq), gone.who(seq)) == ("(erased)", None, ANA.account)
    assert Words().text(seq) == "(erased)"
    assert (Words().who(seq), Words().at(seq)) == ("", "")
    assert read.at(seq) == "2026-11-24T02:10:00.000000Z"


def test_a_reason_stands_directly_after_what_it_explains() -> None:
    scene = WorkScene()
    incident = scene.declared()
    command = SetPosture(incident=incident, posture=Posture.WATCH, reason="They look", expected=0)
    scene.do(command, ANA)
    seq = scene.state(incident).seq - 1
    assert words(scene, incident).reason(seq) == "They look"
    assert words(scene, incident, {seq + 1}).reason(seq) == "(hidden)"
    assert words(scene, incident).reason(seq + 1) == ""


def test_who_looks_and_what_stands() -> None:
    scene = WorkScene()
    incident = scene.declared()
    scene.commanded(incident, ANA)
    scene.do(StateFact(incident=incident, text="One", source="x"), ANA)
    scene.do(AskQuestion(incident=incident, text="Two?"), ANA)
    scene.do(StateFact(incident=incident, text="Three", source="x"), ANA)
    fact = scene.state(incident).seq
    look: Look = looking(scene, incident, scene.told(incident), hidden={fact})
    assert look.holds == {"commander"}
    assert looking(scene, incident, scene.told(incident), BEN).holds == frozenset()
    assert look.confirmed() == ((fact, "(hidden)"), (fact - 2, "One"))
    assert [worth for _, worth, _ in look.standing()] == ["fact", "question", "fact"]
    assert (look.name(BEN.account), look.name("f" * 32), look.name(None)) == ("Ben", "somebody", "nobody")
    assert look.late("2026-11-24T02:10:00.000000Z")
    assert not look.late("2026-11-24T02:10:00.000001Z")
    assert not look.late(None)
