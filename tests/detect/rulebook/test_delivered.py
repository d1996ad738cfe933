"""Fields that events of a log source cannot have."""

from muster.detect.rule import LogSource
from muster.detect.rulebook.delivered import never_delivered


def test_of_sysmon_and_web_servers_it_is_known() -> None:
    process = LogSource(product="windows", category="process_creation")
    assert [name for name, _ in never_delivered(process, ("Image", "EventID", "Imagge"))] == ["Imagge"]
    web = LogSource(category="webserver")
    assert [name for name, _ in never_delivered(web, ("cs-uri-query", "uri"))] == ["uri"]


def test_of_others_nothing_is_said() -> None:
    assert list(never_delivered(LogSource(product="keycloak"), ("whatever",))) == []
    assert list(never_delivered(LogSource(product="windows", service="security"), ("whatever",))) == []
