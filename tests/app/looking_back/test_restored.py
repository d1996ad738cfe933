"""Recovery looked back on: the order in which services came back, and what had to come first."""

from datetime import timedelta

from muster.app.looking_back.restored import outages
from muster.respond.outages import ServiceLost, ServiceRestored
from tests.app.looking_back.night import START, Telling, night, past


def test_services_stand_in_the_order_in_which_they_came_back() -> None:
    first, second = outages(night().past())

    assert [(one.service, one.place) for one in (first, second)] == [
        ("order-database", 1),
        ("customer-portal", 2),
    ]
    assert first.took == timedelta(minutes=113)
    assert (first.needs, second.needs, second.waited) == ((), ("order-database",), True)


def test_one_that_came_back_early_says_why() -> None:
    told = Telling()
    told.say(ServiceLost(service="order-database"), "ana", 0)
    told.say(ServiceLost(service="customer-portal"), "ana", 1)
    told.say(ServiceRestored(service="customer-portal", early=True), "ana", 5)
    told.because("It can show the shop without orders.")
    early, gone = outages(past(told))

    assert (early.service, early.early, early.reason) == (
        "customer-portal",
        True,
        "It can show the shop without orders.",
    )
    assert not early.waited
    assert (gone.service, gone.restored_at, gone.took) == ("order-database", None, None)


def test_a_service_that_was_lost_twice_has_two_outages() -> None:
    told = Telling()
    for at, body in enumerate((ServiceLost, ServiceRestored, ServiceLost, ServiceRestored)):
        told.say(body(service="order-database"), "ana", at)

    assert [(one.lost_at, one.restored_at) for one in outages(past(told))] == [
        (START, START + timedelta(minutes=1)),
        (START + timedelta(minutes=2), START + timedelta(minutes=3)),
    ]
