"""Decisions as people see them: those asked for, and those made with what was known in that minute."""

from muster.app.look import Look
from muster.app.views import View
from muster.core.people import Role
from muster.record.entry import Entry
from muster.record.state import StreamState
from muster.respond.able import commander, commands
from muster.respond.decisions import DECISIONS, Asked, DecisionAsked, DecisionMade

MOST_MADE = 20
MOST_ASKED = 40
_KNEW = {"knew-fact": "fact", "knew-assumption": "assumption", "knew-question": "question"}


class AskedView(View):
    """A decision that somebody waits for. mine: it is put to whoever looks. may: they may make it."""

    seq: int
    text: str
    corrected: str
    options: tuple[str, ...]
    to: str
    by: str
    who: str
    late: bool
    mine: bool
    may: bool


class KnewView(View):
    """Something that stood when it was decided, and what it was worth then."""

    seq: int
    worth: str
    text: str


class MadeView(View):
    """A decision that holds, with what was known then. left_out: how much more was known than stands here."""

    seq: int
    text: str
    corrected: str
    reason: str
    objections: str
    authority: str
    who: str
    at: str
    knew: tuple[KnewView, ...]
    left_out: int


class DecisionsView(View):
    """All of them. authorities: the lines of the authority register, to choose from. may: whether one may decide."""

    asked: tuple[AskedView, ...]
    made: tuple[MadeView, ...]
    made_more: int
    authorities: tuple[tuple[str, str], ...]
    may: bool


def needs(state: StreamState) -> set[int]:
    """The entries whose words the view shows."""
    decisions = state.slice(DECISIONS)
    wanted = {*(seq for seq, _ in first_needed(state)[:MOST_ASKED]), *decisions.made[-MOST_MADE:]}
    return wanted | {by for seq, by in decisions.words.items() if seq in wanted}


def first_needed(state: StreamState) -> list[tuple[int, Asked]]:
    """The decisions that are asked for, the first needed first."""
    return sorted(state.slice(DECISIONS).pending.items(), key=lambda item: (item[1].by, item[0]))


def view(look: Look) -> DecisionsView:
    """The decisions of an incident, for whoever looks."""
    decisions = look.state.slice(DECISIONS)
    made = decisions.made[-MOST_MADE:]
    asked = first_needed(look.state)[:MOST_ASKED]
    in_force = look.told.in_force
    return DecisionsView(
        asked=tuple(_asked(look, seq, one) for seq, one in asked),
        made=tuple(_made(look, seq) for seq in reversed(made)),
        made_more=len(decisions.made) - len(made),
        authorities=tuple(
            (name, line.decision) for name, line in (in_force.authority.decisions if in_force else {}).items()
        ),
        may=_may(look, None),
    )


def put_to(look: Look, asked: Asked) -> bool:
    """Whether a decision is put to whoever looks: to them, or to a role that they hold."""
    if asked.to is not None:
        return asked.to == look.account
    return asked.role is not None and asked.role.value in look.holds


def _may(look: Look, asked: Asked | None) -> bool:
    """What a page offers; the rule decides."""
    if commands(look.state, look.account) or (asked is not None and put_to(look, asked)):
        return True
    return commander(look.state) is None and look.me.responds


def _asked(look: Look, seq: int, asked: Asked) -> AskedView:
    body = look.words.body(seq)
    to = look.name(asked.to) if asked.to else f"the {asked.role or Role.COMMANDER}"
    return AskedView(
        seq=seq,
        text=look.words.text(seq),
        corrected=look.words.text(look.state.slice(DECISIONS).words.get(seq)),
        options=body.options if isinstance(body, DecisionAsked) else (),
        to=to,
        by=asked.by,
        who=look.name(look.words.who(seq)),
        late=look.late(asked.by),
        mine=put_to(look, asked),
        may=_may(look, asked),
    )


def _made(look: Look, seq: int) -> MadeView:
    body, entry = look.words.body(seq), look.words.entries.get(seq)
    readable = body if isinstance(body, DecisionMade) else None
    return MadeView(
        seq=seq,
        text=look.words.text(seq),
        corrected=look.words.text(look.state.slice(DECISIONS).words.get(seq)),
        reason=readable.reason if readable else "",
        objections=(readable.objections or "") if readable else "",
        authority=(readable.authority or "") if readable else "",
        who=look.name(look.words.who(seq)),
        at=look.words.at(seq),
        knew=_knew(look, entry) if entry else (),
        left_out=readable.left_out if readable else 0,
    )


def _knew(look: Look, entry: Entry) -> tuple[KnewView, ...]:
    return tuple(
        KnewView(seq=ref.seq, worth=_KNEW[ref.rel], text=look.fact(ref.seq))
        for ref in entry.header.refs
        if ref.rel in _KNEW
    )
