"""Ordinary work: what resembles the attack is there, so that rules have something to tell apart."""

from datetime import UTC, datetime, timedelta

from muster.rehearse.shop.work import work

START, LENGTH = datetime(2026, 11, 24, 1, 0, tzinfo=UTC), timedelta(minutes=60)


def test_the_tempting_cases_are_there() -> None:
    events = list(work(1, START, LENGTH))
    lines = [str(event.fields.get("CommandLine", "")) for event in events]
    for beginning in ("cmd.exe /d /c", "curl.exe ", "7z.exe a ", "bcp.exe ", "whoami", "powershell.exe "):
        assert any(text.startswith(beginning) for text in lines), beginning
    assert any(str(event.fields.get("TargetImage", "")).endswith("lsass.exe") for event in events)
    assert all(event.step is None for event in events)
