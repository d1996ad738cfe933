"""What pages, API and command line show: frozen views, with names for people and nothing that may not be seen."""

from pydantic import BaseModel, ConfigDict


class View(BaseModel):
    """A view: plain data of an answer."""

    model_config = ConfigDict(frozen=True)


class SignalRow(View):
    """A signal in a list. Times are in UTC, RFC 3339."""

    signal: str
    title: str
    state: str
    severity: str
    source: str
    count: int
    raised_at: str
    last_at: str
    outcome: str | None
    incident: str | None
    lane: str


class IncidentRow(View):
    """An incident in a list. commander: a name, or None."""

    incident: str
    what: str
    state: str
    severity: str
    commander: str | None
    declared_at: str
    secrecy: str
    lane: str


class SignalList(View):
    """A page of signals; `next` is the cursor of the next page."""

    signals: tuple[SignalRow, ...]
    next: str | None


class IncidentList(View):
    """A page of incidents; `next` is the cursor of the next page."""

    incidents: tuple[IncidentRow, ...]
    next: str | None


class EntryView(View):
    """An entry as people read it. text: its words in one sentence or more; details: further named values.

    standing: shown, hidden or erased. late: recorded earlier than an entry before it (a clock was set back).
    """

    seq: int
    kind: str
    happened_at: str
    precision: str
    stated: bool
    recorded_at: str
    who: str
    role: str | None
    through: str
    title: str
    text: str
    details: tuple[tuple[str, str], ...] = ()
    standing: str = "shown"
    note: str = ""
    corrects: int | None = None
    late: bool = False


class FactView(View):
    """A fact, assumption or question, as it stands. version: what `settle` expects; 0 when it is settled."""

    seq: int
    standing: str
    text: str
    source: str
    who: str
    at: str
    ending: str | None
    ended_text: str
    ended_by: str
    ended_at: str | None
    version: int


class RoleView(View):
    """A role of an incident: who holds it, to whom it is offered, and its version."""

    role: str
    holder: str | None
    holder_account: str | None
    offered: str | None
    offered_account: str | None
    version: int


class SeverityView(View):
    """The severity as it stands, its first and worst level, and why."""

    current: str
    initial: str
    peak: str
    version: int
    why: str
    rule: str
    overridden: bool
    ratings: dict[str, str | list[str]]


class PersonView(View):
    """An account as others see it."""

    account: str
    name: str


class IncidentView(View):
    """One incident. entries: a page of its log, the newest last; earlier: the number to ask for earlier ones with."""

    incident: str
    what: str
    state: str
    state_version: int
    secrecy: str
    secrecy_version: int
    people: tuple[PersonView, ...]
    lane: str
    plan: str
    declared_at: str
    summary: str
    summary_version: int
    severity: SeverityView
    roles: tuple[RoleView, ...]
    facts: tuple[FactView, ...]
    signals: tuple[SignalRow, ...]
    entries: tuple[EntryView, ...]
    entries_total: int
    earlier: int | None
    clock_warning: bool


class ReasonView(View):
    """A test of the rule that made it match an event (its place in the batch), in words after the field's name.

    held: false for one that had to fail. start, end: the characters of the value that it found; end 0: all of it.
    """

    event: int
    field: str
    words: str
    held: bool
    start: int
    end: int


class EvidenceView(View):
    """Evidence of a signal: the hash to fetch it by, the batch, which events of it, and why the rule matched them."""

    sha256: str
    seq: int
    batch: str
    events: tuple[int, ...]
    why: tuple[ReasonView, ...] = ()


class KeptBackView(View):
    """How many events an ignore kept back of a rule's hits, and when the newest of them arrived."""

    lane: str
    ignore: str
    rule: str
    count: int
    last: str


class AssetView(View):
    """A host that a signal's events name, how many do, and what the plan in force says of it when this is read.

    service: None where the plan does not know the host; owner: the person's id there.
    """

    name: str
    count: int
    service: str | None
    service_name: str | None
    owner: str | None
    criticality: str | None


class SignalView(View):
    """One signal with its entries and evidence. assets: the first 20 hosts of the entries; more_assets: others are left out."""

    signal: SignalRow
    secrecy: str
    secrecy_version: int
    text: str
    contact: str | None
    rule_id: str | None
    rule_key: str | None
    rule_author: str | None
    rule_license: str
    rule_techniques: tuple[str, ...]
    rule_references: tuple[str, ...]
    rule_level: str | None
    tlp: str
    evidence: tuple[EvidenceView, ...]
    assets: tuple[AssetView, ...]
    more_assets: bool
    entries: tuple[EntryView, ...]


class AccountRow(View):
    """An account in the list. person: whose of the plan it is, by their id there."""

    account: str
    name: str
    sign_in: str
    duties: tuple[str, ...]
    state: str
    kind: str
    version: int
    person: str | None = None


class TokenRow(View):
    """A token in the list; its secret is never shown again."""

    token: str
    account: str
    holder: str
    name: str
    scope: str
    lane: str
    state: str


class ReceiptView(View):
    """What a person without an account learns of a report: where it stands."""

    state: str
    outcome: str | None
    raised_at: str
    last_at: str


class DetectionView(View):
    """What the detection process last said of itself, and what waits for it.

    rules_not_loaded: path, title and reason, of the first ones; rules_not_loaded_count: of all.
    bytes_waiting: packed, on disk. lag_seconds: how long the oldest batch waits.
    """

    running: bool
    said_at: str | None
    rules_loaded: int
    rules_not_loaded: tuple[tuple[str, str, str], ...]
    rules_not_loaded_count: int = 0
    batches_waiting: int
    bytes_waiting: int = 0
    lag_seconds: int = 0
    events_matched: int
    events_unreadable: int
    fault: str


class StatusView(View):
    """Whether all is well with the server, for every page's foot."""

    reading_only: str | None
    sealing_fault: str | None
    plan: str
    detection: DetectionView | None
