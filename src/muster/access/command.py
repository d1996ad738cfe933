"""What every command shares: frozen, no unknown fields, bounded text; and a verb's rule with what it loads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from muster.access.verbs import Verb
from muster.core.errors import BadInput
from muster.core.ids import StreamType, parse_code
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft
from muster.record.state import States


class Command(BaseModel):
    """What a person or program asks for. Who acts, role, lane and recorded-at never come from here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _storable(text: str) -> str:
    """Pydantic refuses lone surrogates by itself; NUL is what is left."""
    if "\0" in text:
        raise ValueError("holds a character that cannot be stored")
    return text


def _read(text: str, kind: StreamType | None) -> str:
    try:
        return parse_code(text, kind)
    except BadInput as error:
        raise ValueError(f"{error.what} {error.mend}") from None


def _incident_code(text: str) -> str:
    return _read(text, StreamType.INCIDENT)


def _signal_code(text: str) -> str:
    return _read(text, StreamType.SIGNAL)


def _work_code(text: str) -> str:
    read = _read(text, None)
    if not read.startswith((f"{StreamType.INCIDENT}-", f"{StreamType.SIGNAL}-")):
        raise ValueError("Give the code of an incident or a signal, like INC-7Q4KM2.")
    return read


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


_LINE = StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
_TEXT = StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)
_BRIEF = StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)
_TYPED = StringConstraints(strip_whitespace=True, min_length=1, max_length=40)

Line: TypeAlias = Annotated[str, _LINE, AfterValidator(_storable)]
Text: TypeAlias = Annotated[str, _TEXT, AfterValidator(_storable)]
Brief: TypeAlias = Annotated[str, _BRIEF, AfterValidator(_storable)]
# May be empty.
AnyLine: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_storable)
]
AnyText: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(_storable)
]
# Left empty in a form means "not given".
MaybeLine: TypeAlias = Annotated[Line | None, BeforeValidator(_blank_is_none)]
MaybeText: TypeAlias = Annotated[Text | None, BeforeValidator(_blank_is_none)]
IncidentCode: TypeAlias = Annotated[str, _TYPED, AfterValidator(_incident_code)]
SignalCode: TypeAlias = Annotated[str, _TYPED, AfterValidator(_signal_code)]
WorkCode: TypeAlias = Annotated[str, _TYPED, AfterValidator(_work_code)]
OpaqueId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Sha256: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Seq: TypeAlias = Annotated[int, Field(ge=0, le=2**53 - 1)]
Version: TypeAlias = Annotated[int, Field(ge=0, le=2**53 - 1)]


def _no_streams(_command: Any) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Rule:
    """One verb's command and rule, and which streams to load for it.

    acts_on: the existing streams that the command acts on; `may` is asked for each, with the verb that
    `permission` names (for none: once, with `new_thing`). reads: streams that are loaded only.
    """

    verb: Verb
    command: type[Command]
    decide: Callable[[States, Any, Context, Known], Decision]
    acts_on: Callable[[Any], tuple[str, ...]] = _no_streams
    reads: Callable[[Any], tuple[str, ...]] = _no_streams
    permission: Callable[[Any, States, Known], Verb] | None = None

    def permission_for(self, command: Command, states: States, known: Known) -> Verb:
        """The verb to ask `may` with: mostly the verb itself, a stricter one when the command goes further."""
        return self.permission(command, states, known) if self.permission else self.verb


# What follows by itself from what a rule decided: given the states before and after its drafts, more drafts.
Follow: TypeAlias = Callable[[States, States, tuple[Draft, ...], Context, Known], tuple[Draft, ...]]
