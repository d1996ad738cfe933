"""The tables: record (never changed), projection (folds of it), working (losing it costs a retry).

Columns hold text, integers and bytes only, so that `verify` compares what is stored and nothing is folded
into a truth value or a date on the way.
"""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text

TABLES = MetaData()


def _text(name: str, *, key: bool = False, null: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=null)


def _number(name: str, *, key: bool = False, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=null, autoincrement=False)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


# --- record -----------------------------------------------------------------------------------------
entries = Table(
    "entries",
    TABLES,
    _text("stream", key=True),
    _number("seq", key=True),
    _bytes("header"),
)
leaves = Table(
    "leaves",
    TABLES,
    _number("feed", key=True),
    _text("stream"),
    _number("seq"),
    _bytes("hash"),
    Index("leaves_by_entry", "stream", "seq", unique=True),
)
bodies = Table(
    "bodies",
    TABLES,
    _text("stream", key=True),
    _number("seq", key=True),
    _bytes("salt"),
    _bytes("body"),
)
checkpoints = Table(
    "checkpoints",
    TABLES,
    _number("size", key=True),
    _bytes("root"),
    _bytes("frontier"),
    _bytes("note"),
)
counter = Table("counter", TABLES, _number("id", key=True), _number("next"))
log = Table("log", TABLES, _number("id", key=True), _text("origin"), _text("verifier_key"), _number("fold"))

# --- projection -------------------------------------------------------------------------------------
streams = Table(
    "streams",
    TABLES,
    _text("stream", key=True),
    _text("type"),
    _text("lane"),
    _number("seq"),
    _bytes("hash"),
    _text("pinned"),
    _bytes("state"),
)
signals = Table(
    "signals",
    TABLES,
    _text("stream", key=True),
    _text("lane"),
    _text("secrecy"),
    _text("state"),
    _text("severity"),
    _text("source"),
    _text("title"),
    _number("count"),
    _text("raised_at"),
    _text("last_at"),
    _text("outcome", null=True),
    _text("incident", null=True),
    _text("group_key"),
    Index("signals_by_group", "group_key"),
    Index("signals_by_incident", "incident"),
    Index("signals_by_time", "raised_at", "stream"),
    Index("signals_by_state", "state", "raised_at", "stream"),
)
incidents = Table(
    "incidents",
    TABLES,
    _text("stream", key=True),
    _text("lane"),
    _text("secrecy"),
    _text("state"),
    _text("severity"),
    _text("what"),
    _text("summary"),
    _number("summary_seq"),
    _number("severity_seq"),
    _text("commander", null=True),
    _text("declared_at"),
    Index("incidents_by_time", "declared_at", "stream"),
    Index("incidents_by_state", "state", "declared_at", "stream"),
)
facts = Table(
    "facts",
    TABLES,
    _text("stream", key=True),
    _number("seq", key=True),
    _text("standing"),
    _text("text"),
    _text("source"),
    _text("who"),
    _text("at"),
)
settlements = Table(
    "settlements",
    TABLES,
    _text("stream", key=True),
    _number("seq", key=True),
    _number("by", key=True),
    _text("ending"),
    _text("text"),
    _text("source"),
    _text("who"),
    _text("at"),
)
accounts = Table(
    "accounts",
    TABLES,
    _text("account", key=True),
    _text("name"),
    _text("sign_in"),
    _text("duties"),
    _text("state"),
    _text("kind"),
    Index("accounts_by_sign_in", "sign_in"),
)
tokens = Table(
    "tokens",
    TABLES,
    _text("token", key=True),
    _text("account"),
    _text("name"),
    _text("scope"),
    _text("lane"),
    _text("state"),
    Index("tokens_by_account", "account"),
)
members = Table("members", TABLES, _text("stream", key=True), _text("account", key=True))
# The one signal of a group that still waits for a decision; its key is unique, so that a flood is one signal.
groups = Table("groups", TABLES, _text("key", key=True), _text("stream"))
hit_keys = Table("hit_keys", TABLES, _text("key", key=True), _text("stream"), _number("seq"))
evidence = Table("evidence", TABLES, _text("stream", key=True), _number("seq", key=True), _text("sha256"))
fired = Table(
    "fired",
    TABLES,
    _text("stream", key=True),
    _text("rule_key"),
    _text("rule_id"),
    _text("title"),
    _text("techniques"),
    _text("tactics"),
    Index("fired_by_rule", "rule_key"),
)
receipts = Table("receipts", TABLES, _text("receipt", key=True), _text("stream"), _number("seq"))
hidden = Table(
    "hidden",
    TABLES,
    _text("stream", key=True),
    _number("seq", key=True),
    _text("state"),
    _text("who"),
    _text("reason"),
)

# What is due, by the entry that asked for it; times are lane times. state: waiting, trying, unsure, given-up.
due = Table(
    "due",
    TABLES,
    _text("stream", key=True),
    _number("seq", key=True),
    _text("kind"),
    _text("name"),
    _text("lane"),
    _text("state"),
    _text("asked_at"),
    _text("due_at"),
    _number("attempt"),
    _text("sort"),
    Index("due_by_time", "lane", "state", "due_at"),
)
# The latest lane time that each stream of a drill shows to be reached: its clock never goes back behind it.
lane_times = Table(
    "lane_times",
    TABLES,
    _text("stream", key=True),
    _text("lane"),
    _text("at"),
    Index("lane_times_by_lane", "lane", "at"),
)

# --- working ----------------------------------------------------------------------------------------
sessions = Table(
    "sessions",
    TABLES,
    _text("id_hash", key=True),
    _text("session"),
    _text("account"),
    _text("lane"),
    _text("began"),
    _text("expires"),
    _text("device"),
    Index("sessions_by_account", "account"),
)
passwords = Table("passwords", TABLES, _text("account", key=True), _text("hash"))
token_secrets = Table("token_secrets", TABLES, _text("secret_hash", key=True), _text("token"))
links = Table(
    "links", TABLES, _text("secret_hash", key=True), _text("purpose"), _text("account"), _text("expires")
)
idempotency = Table(
    "idempotency",
    TABLES,
    _text("account", key=True),
    _text("key", key=True),
    _text("request"),
    _text("streams"),
    _text("answer"),
    _text("at"),
)
leases = Table("leases", TABLES, _text("name", key=True), _text("holder"), _text("expires"))
due_leases = Table(
    "due_leases",
    TABLES,
    _text("stream", key=True),
    _number("seq", key=True),
    _text("token"),
    _text("expires"),
)
batches = Table(
    "batches",
    TABLES,
    _text("token", key=True),
    _text("batch", key=True),
    _text("sha256"),
    _number("events"),
    _text("at"),
)
positions = Table("positions", TABLES, _text("name", key=True), _text("value"), _text("at"))

RECORD = (entries, leaves, bodies, checkpoints, counter, log)
PROJECTION = (
    streams,
    signals,
    incidents,
    facts,
    settlements,
    accounts,
    tokens,
    members,
    groups,
    hit_keys,
    evidence,
    fired,
    receipts,
    hidden,
    due,
    lane_times,
)
WORKING = (sessions, passwords, token_secrets, links, idempotency, leases, due_leases, batches, positions)
