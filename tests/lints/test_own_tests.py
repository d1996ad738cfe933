"""A source file without a test file of its name is found."""

from lints.house import Finding, House
from lints.own_tests import check


def found(*paths: str) -> list[Finding]:
    return sorted(check(House.of(dict.fromkeys(paths, ""))))


def test_a_lonely_file_is_found() -> None:
    (finding,) = found("src/muster/respond/command.py", "tests/respond/test_commander.py")
    assert finding.path == "src/muster/respond/command.py"
    assert "tests/respond/test_command.py" in finding.message


def test_its_test_may_lie_anywhere_below_tests() -> None:
    assert not found("src/muster/respond/command.py", "tests/test_command.py")
    assert found("src/muster/respond/command.py", "src/muster/respond/test_command.py")


def test_the_lints_themselves_too() -> None:
    assert [finding.path for finding in found("lints/lanes.py")] == ["lints/lanes.py"]


def test_entrances_need_none_and_migrations_do() -> None:
    assert not found("src/muster/__init__.py", "src/muster/__main__.py")
    assert found("src/muster/store/migrations/versions/0001_first.py")
