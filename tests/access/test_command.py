"""What commands share: no unknown fields, bounded text that can be stored, codes as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from muster.access.command import (
    AnyLine,
    AnyText,
    Brief,
    Command,
    IncidentCode,
    Line,
    MaybeLine,
    MaybeText,
    OpaqueId,
    Rule,
    Seq,
    Sha256,
    SignalCode,
    Text,
    Version,
    WorkCode,
)
from muster.access.verbs import Verb
from muster.core.ids import StreamType, code
from muster.record.canonical import canonical
from muster.record.context import Context
from muster.record.decision import NOTHING_KNOWN, Decision, Known
from muster.record.state import States

INC = code(StreamType.INCIDENT, "7" * 32)
SIG = code(StreamType.SIGNAL, "7" * 32)


class Sample(Command):
    line: Line = "x"
    text: Text = "x"
    brief: Brief = "x"
    any_line: AnyLine = ""
    any_text: AnyText = ""
    maybe: MaybeLine = None
    maybe_text: MaybeText = None
    incident: IncidentCode = INC
    signal: SignalCode = SIG
    work: WorkCode = INC
    account: OpaqueId = "0" * 32
    sha256: Sha256 = "0" * 64
    seq: Seq = 0
    version: Version = 0


def wrong(**fields: object) -> str:
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate(fields)
    return str(caught.value)


@pytest.mark.parametrize(("field", "limit"), [("line", 200), ("text", 4000), ("brief", 2000)])
def test_text_is_stripped_never_blank_and_bounded(field: str, limit: int) -> None:
    for blank in ("", "   ", "\n\t"):
        wrong(**{field: blank})
    assert getattr(Sample.model_validate({field: "  a  "}), field) == "a"
    assert len(getattr(Sample.model_validate({field: "a" * limit}), field)) == limit
    wrong(**{field: "a" * (limit + 1)})


@pytest.mark.parametrize(("field", "limit"), [("any_line", 200), ("any_text", 4000)])
def test_some_text_may_be_empty(field: str, limit: int) -> None:
    assert getattr(Sample.model_validate({field: "  "}), field) == ""
    assert len(getattr(Sample.model_validate({field: "a" * limit}), field)) == limit
    wrong(**{field: "a" * (limit + 1)})
    wrong(**{field: "\0"})


def test_what_cannot_be_stored_is_refused() -> None:
    for field in ("line", "text", "brief", "any_line", "any_text", "maybe", "maybe_text"):
        assert "Value error, holds a character that cannot be stored [" in wrong(**{field: "a\0b"})
        assert "string_unicode" in wrong(**{field: "a\ud800"})


@given(st.text())
def test_what_is_taken_can_be_stored(text: str) -> None:
    try:
        taken = Sample(any_text=text).any_text
    except ValidationError:
        return
    assert canonical({"text": taken})


def test_characters_next_to_what_is_refused_are_fine() -> None:
    assert Sample(line="\ud7ff\ue000").line == "\ud7ff\ue000"


def test_left_empty_means_not_given() -> None:
    for empty in ("", "  ", None):
        assert Sample.model_validate({"maybe": empty, "maybe_text": empty}).maybe is None
    assert Sample(maybe=" a ").maybe == "a"
    wrong(maybe=7)


def test_codes_are_read_as_people_type_them() -> None:
    assert Sample(incident=f" {INC.lower()} ").incident == INC
    assert Sample(work=SIG.lower()).work == SIG
    assert Sample(work=INC).work == INC


def test_a_code_of_another_type_or_with_a_typing_error_is_explained() -> None:
    assert "another type" in wrong(incident=SIG)
    assert "Expected one that begins with INC-" in wrong(incident=SIG)
    assert "another type" in wrong(signal=INC)
    assert "typing error" in wrong(incident=INC[:-1] + ("0" if INC[-1] != "0" else "1"))
    assert "no code" in wrong(work="hello")
    mend = "Value error, Give the code of an incident or a signal, like INC-7Q4KM2. ["
    assert mend in wrong(work="ACC-ACCOUNTS")
    wrong(incident="I" * 41)


def test_ids_hashes_and_numbers_are_of_one_form() -> None:
    for bad in ("0" * 31, "0" * 33, "G" * 32, "A" * 32, "0" * 32 + "\n"):
        wrong(account=bad)
    for bad in ("0" * 63, "0" * 65, "F" * 64):
        wrong(sha256=bad)
    for field in ("seq", "version"):
        wrong(**{field: -1})
        wrong(**{field: 2**53})
        assert getattr(Sample.model_validate({field: 2**53 - 1}), field) == 2**53 - 1


def test_unknown_fields_are_refused_and_commands_never_change() -> None:
    assert "extra_forbidden" in wrong(who="me")
    sample: BaseModel = Sample()
    with pytest.raises(ValidationError):
        sample.__setattr__("line", "y")


def nothing(_states: States, _command: Sample, _context: Context, _known: Known) -> Decision:
    return Decision(())


def test_a_rule_loads_nothing_and_asks_for_its_own_verb_unless_it_says_otherwise() -> None:
    plain = Rule(Verb.LOG, Sample, nothing)
    assert plain.acts_on(Sample()) == ()
    assert plain.reads(Sample()) == ()
    assert plain.permission_for(Sample(), {}, NOTHING_KNOWN) is Verb.LOG
    asked: list[object] = []

    def stricter(command: Sample, states: States, known: Known) -> Verb:
        asked.extend([command, states, known])
        return Verb.LOWER_SEVERITY

    strict = Rule(Verb.SEVERITY, Sample, nothing, permission=stricter)
    assert strict.permission_for(Sample(), {}, NOTHING_KNOWN) is Verb.LOWER_SEVERITY
    assert asked == [Sample(), {}, NOTHING_KNOWN]
