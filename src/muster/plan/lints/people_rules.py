"""Rules for people, contacts and how they are reached (SP 800-61 r2, 3.1.1; BSIMM CMVM1.1)."""

from collections.abc import Iterator

from muster.plan.contacts import NEEDED
from muster.plan.finding import Weight
from muster.plan.layout import BY_FIELD
from muster.plan.lints.spot import Asked, LintRule, Spot, days
from muster.plan.people import EXAMPLE, STALE_AFTER_DAYS, Reachable
from muster.plan.yaml_text import KeyPath

PEOPLE, CONTACTS = BY_FIELD["people"].path, BY_FIELD["contacts"].path


def everybody(asked: Asked) -> Iterator[tuple[str, KeyPath, Reachable]]:
    """People and contacts, with file and key path."""
    for name, person in asked.plan.in_force.people.people.items():
        yield PEOPLE, ("people", name), person
    for name, contact in asked.plan.in_force.contacts.contacts.items():
        yield CONTACTS, ("contacts", name), contact


def under(host: str, domains: tuple[str, ...]) -> bool:
    """Whether a machine is the company's own, by its domains."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def one_channel(asked: Asked) -> Iterator[Spot]:
    """Two ways at least: one of them fails on the day."""
    for file, path, one in everybody(asked):
        if len({channel.address for channel in one.channels.values()}) < 2:
            yield Spot(
                file,
                (*path, "channels"),
                f"{one.name} can be reached in one way only.",
                "Add a second one, outside the company's systems.",
            )


def all_inside(asked: Asked) -> Iterator[Spot]:
    """One way must work when the company's systems are down, or read by the attacker."""
    for file, path, one in everybody(asked):
        if len(one.channels) > 1 and not any(channel.outside for channel in one.channels.values()):
            yield Spot(
                file,
                (*path, "channels"),
                f"{one.name} cannot be reached outside the company's systems.",
                "Add a phone or a messenger with `outside: true`.",
            )


def claims_outside(asked: Asked) -> Iterator[Spot]:
    """An address under a domain of our own is not outside, whatever is written beside it."""
    domains = asked.plan.pinned.policy.domains
    for file, path, one in everybody(asked):
        for name, channel in one.channels.items():
            if channel.outside and under(channel.host, domains):
                yield Spot(
                    file,
                    (*path, "channels", name),
                    f"This way to {one.name} is said to be outside, and lies under a domain of ours.",
                    "Take `outside: true` away, or give another address.",
                )


def unverified(asked: Asked) -> Iterator[Spot]:
    """A number that nobody tried for a quarter."""
    for file, path, one in everybody(asked):
        over = one.stale_since(asked.today)
        if over:
            yield Spot(
                file,
                (*path, "verified"),
                f"Nobody has tried these ways to {one.name} for {days(over + STALE_AFTER_DAYS)}.",
                "Call or write once, then set `verified`.",
            )


def missing_contact(asked: Asked) -> Iterator[Spot]:
    """Contacts that every company needs one day."""
    kinds = {contact.kind for contact in asked.plan.in_force.contacts.contacts.values()}
    for kind in NEEDED:
        if kind not in kinds:
            yield Spot(
                CONTACTS,
                ("contacts",),
                f"There is no contact of the kind `{kind}`.",
                "Add who it would be, and try the ways once.",
            )


def nobody_real(asked: Asked) -> Iterator[Spot]:
    """The example's addresses lie under example.invalid (RFC 2606); a message to them reaches nobody."""
    if not asked.plan.in_force.reaches_somebody:
        yield Spot(
            PEOPLE,
            ("people",),
            f"Every address lies under {EXAMPLE}: nobody real can be called.",
            "Put in the addresses of your own people.",
        )


def example_address(asked: Asked) -> Iterator[Spot]:
    """Real people beside addresses that reach nobody: said once, at the first of them, with their number."""
    left = [
        (file, (*path, "channels", name))
        for file, path, one in everybody(asked)
        for name, channel in one.channels.items()
        if channel.is_example
    ]
    if left and asked.plan.in_force.reaches_somebody:
        what = "This address lies" if len(left) == 1 else f"This and {len(left) - 1} more addresses lie"
        yield Spot(*left[0], f"{what} under {EXAMPLE}: nobody is reached there.", "Put in the real one.")


RULES: tuple[LintRule, ...] = (
    LintRule("one-channel", "PRE-07", one_channel, Weight.HOLE),
    LintRule("all-inside", "PRE-07", all_inside, Weight.HOLE),
    LintRule("claims-outside", "PRE-07", claims_outside),
    LintRule("unverified", "PRE-07", unverified, Weight.HOLE),
    LintRule("missing-contact", "PRE-07", missing_contact, Weight.HOLE),
    LintRule("example-address", "PRE-07", example_address, Weight.HOLE),
    LintRule("nobody-real", "PRE-07", nobody_real, Weight.NOTE),
)
