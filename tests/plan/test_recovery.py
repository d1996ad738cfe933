"""What comes back first; circles are named; who depends on whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import Refused
from muster.plan.recovery import cycles, dependents, recovery_order
from muster.plan.services import Criticality, Service
from tests.plan.shop_plan import plan


def some(**needs: str) -> dict[str, Service]:
    return {
        name: Service(
            name=name,
            about="x",
            criticality=Criticality.ORDINARY,
            depends_on=dict.fromkeys(words.split(), "it does"),
        )
        for name, words in needs.items()
    }


def test_the_example_comes_back_in_three_waves() -> None:
    waves = recovery_order(plan().in_force.services)
    assert [wave.services for wave in waves] == [
        ("identity-provider", "payment-gateway"),
        ("order-database", "mail", "build-pipeline", "office-files"),
        ("customer-portal",),
    ]


def test_a_circle_is_refused_and_named() -> None:
    services = some(a="b", b="c", c="a", d="a", e="")
    assert cycles(services) == (("a", "b", "c", "a"),)
    with pytest.raises(Refused, match="a -> b -> c -> a"):
        recovery_order(services)


def test_two_circles_and_one_that_needs_itself_are_each_named_once() -> None:
    assert cycles(some(a="b", b="a", c="c", d="e c", e="d")) == (("a", "b", "a"), ("c", "c"), ("d", "e", "d"))


def test_who_fails_with_it() -> None:
    assert dependents(plan().in_force.services, "order-database") == {"customer-portal"}
    assert dependents(plan().in_force.services, "customer-portal") == frozenset()
    assert len(dependents(plan().in_force.services, "identity-provider")) == 5
    assert dependents(some(a="b", b="a"), "a") == {"b"}


NAMES = "abcdefgh"


@given(st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES)), max_size=8))
def test_in_any_order_everything_comes_after_what_it_needs(needs: dict[str, set[str]]) -> None:
    services = some(**{name: " ".join(sorted(words)) for name, words in needs.items()})
    if cycles(services):
        return
    wave_of = {name: wave.number for wave in recovery_order(services) for name in wave.services}
    assert set(wave_of) == set(services)
    for name, words in needs.items():
        assert all(wave_of[word] < wave_of[name] for word in words if word in services)


def test_five_hundred_services_in_a_row_are_no_trouble() -> None:
    services = some(**{f"s{n}": f"s{n - 1}" if n else "" for n in range(500)})
    assert len(recovery_order(services)) == 500
    assert cycles(some(**{f"s{n}": f"s{(n - 1) % 500}" for n in range(500)}))[0][0] == "s0"
