"""Which hosts events name: by the first field that says it, each once whatever its letters, within bounds."""

from muster.detect import events
from muster.detect.assets import CLIENT_FIELDS, MAX_ASSETS, MAX_NAME, Asset, Assets, assets, hosts
from muster.detect.columns import Batch
from muster.detect.grouping import group
from muster.detect.matching import match
from muster.detect.ruleset import EVERYTHING
from tests.detect.yard import compiled, lines, on


def batch(*items: dict[str, object]) -> Batch:
    return events.read_lines(lines(items), EVERYTHING).batch


def test_each_event_names_its_host_in_its_own_way() -> None:
    found = hosts(
        range(5),
        batch({"Computer": "A"}, {"host": {"name": "B"}}, {"hostname": "-"}, {"x": 1}, {"Computer": " ", "hostname": "C"}),
    )  # fmt: skip
    assert found == {0: "A", 1: "B", 4: "C"}


def test_hosts_are_counted_most_first_whatever_their_letters() -> None:
    named = {0: "web1", 1: "DB1", 2: "db1", 3: "Db1"}
    assert assets([0, 1, 2], named) == Assets((Asset("DB1", 2), Asset("web1", 1)))
    assert assets([7], named) == Assets()


def test_a_thousand_hosts_are_twenty_and_a_number() -> None:
    found = assets(range(1000), {row: f"h{row}" for row in range(1000)})
    assert (len(found.named), found.more) == (MAX_ASSETS, 1000 - MAX_ASSETS)


def test_a_hostile_name_is_one_short_line() -> None:
    (name,) = hosts([0], batch({"Computer": "a\n\0\x1b[2J" + "b" * 1000})).values()
    assert name.startswith("a???[2J")
    assert len(name) == MAX_NAME


def test_a_client_is_ours_in_the_log_of_a_proxy_only() -> None:
    rules = compiled(
        on({"F": "a"}, logsource={"category": "proxy"}), on({"F": "a"}, logsource={"category": "webserver"})
    )
    found = batch({"F": "a", "c-ip": "10.0.0.7"})
    proxy, web = group(rules, match(rules, found), found)
    assert [one.name for one in proxy.assets.named] == ["10.0.0.7"]
    assert web.assets == Assets()
    assert hosts([0], found, CLIENT_FIELDS) == {0: "10.0.0.7"}
