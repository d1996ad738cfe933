"""The command line: quick help, exit codes of the design, one line for an error, never a traceback."""

import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from muster.access.verbs import COMMAND_LINE_VERBS, summary
from muster.cli import COMMANDS, main

HOSTILE = "\x1b[31mred\x1b[0m\nline\u202e"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of one command."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    said = capsys.readouterr()
    code = left.value.code
    assert isinstance(code, int)
    assert "Traceback" not in said.err
    return code, said.out, said.err


def test_help_lists_every_command_and_verb(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    for name in (*COMMANDS, *COMMAND_LINE_VERBS):
        assert re.search(rf"(?m)^  {re.escape(name)}\s", out), name
    assert "\x1b" not in out


@pytest.mark.parametrize("name", sorted({*COMMANDS, *COMMAND_LINE_VERBS}))
def test_every_command_has_help_of_its_own(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, _ = run(capsys, name, "--help")
    assert code == 0
    assert out.startswith(f"Usage: muster {name}")
    assert "--json" in out or name in (
        "detect",
        "demo",
        "drill",
    )  # lines of JSON, a story to watch, commands of its own
    if name in COMMAND_LINE_VERBS:
        assert summary(name)[:30] in out


def test_without_a_command_it_says_what_there_is_and_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)
    assert (code, out) == (2, "")
    assert err.startswith("Usage: muster")
    assert "\\n" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nope",), ("init",), ("ready",), ("hunt",), ("log",), ("log", "--nope"), ("state", "INC-000000", "nowhere"),
        ("list", "everything"), ("events", "/nowhere"), (HOSTILE,), ("list", HOSTILE), ("--nope",),
    ],
)  # fmt: skip
def test_wrong_use_is_one_line_and_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("muster: ")
    assert "--help" in err
    assert not re.search("[\x1b\u202e]", err)


def test_what_does_not_exist_yet_is_absent_from_help(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--help")
    for name in ("hunt", "variants", "clocks", "metrics", "drill"):
        if name not in COMMANDS:
            assert f"  {name} " not in out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--version")
    assert code == 0
    assert re.fullmatch(r"muster, version \d+\.\d+\.\d+\n", out)


def test_a_file_that_cannot_be_used_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "verify", str(tmp_path / "none"))
    assert code == 2
    assert "none" in err
    assert err.count("\n") == 1


def test_help_takes_150_ms_of_one_processor_at_most() -> None:
    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "muster", "--help"], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(once() for _ in range(5)) < 0.150


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom muster.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([name for name in ('fastapi', 'sqlalchemy', 'pydantic', 'httpx2', 'pyarrow', 'hyperscan') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_closed_pipe_is_no_traceback() -> None:
    program = f"{sys.executable} -m muster --help | true"
    done = subprocess.run(program, capture_output=True, text=True, check=True, shell=True)
    assert done.stderr == ""
