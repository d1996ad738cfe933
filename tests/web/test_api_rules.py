"""The rulebook over the API: nobody unsigned, and empty documents before there are rules."""

from pathlib import Path

from tests.app.stage import peopled


def test_before_there_are_rules(tmp_path: Path) -> None:
    stage = peopled(tmp_path)
    ana = stage.people["ana"]
    found = stage.get("rulebook", ana).json()
    assert (found["total"], found["rules"], found["loaded"]) == (0, [], None)
    assert stage.get("coverage", ana).json() == []
    assert stage.get("coverage/layer", ana).json()["techniques"] == []
    for path in ("rulebook", "coverage", "coverage/layer"):
        assert stage.get(path).status_code == 401
    stage.close()
