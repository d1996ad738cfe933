"""Settings: from a file and the command line; what is unknown, wrong or not loopback is refused in one line."""

from pathlib import Path

import pytest

from muster.app.settings import is_loopback, settings_from
from muster.core.errors import BadInput


def test_what_is_given_goes_before_the_file(tmp_path: Path) -> None:
    config = tmp_path / "muster.toml"
    config.write_text('data = "from-file"\nport = 9000\nrules = ["rules"]\n')
    settings = settings_from(config, port=9001, host=None, rules=())
    assert (settings.data, settings.port, settings.rules) == (Path("from-file"), 9001, (Path("rules"),))
    assert settings_from(None, data=tmp_path, detector=False, port=0).detector is False


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
def test_loopback(host: str, tmp_path: Path) -> None:
    assert is_loopback(host)
    assert settings_from(None, data=tmp_path, host=host).host == host


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "", "localhost.evil.example", "127.0.0.1.nip.io"]
)
def test_nothing_but_loopback(host: str, tmp_path: Path) -> None:
    assert not is_loopback(host)
    with pytest.raises(BadInput, match="loopback"):
        settings_from(None, data=tmp_path, host=host)


@pytest.mark.parametrize(
    "line",
    [
        "ports = 1", "port = 70000", "port = -1", 'port = "x"', "reports_per_minute = 0", "session_hours = 0",
        "events_days = -1", "detector = 7", "events_days = 9999999999",
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(line: str, tmp_path: Path) -> None:
    config = tmp_path / "muster.toml"
    config.write_text(f'data = "x"\n{line}\n')
    with pytest.raises(BadInput) as refused:
        settings_from(config)
    assert line.partition(" ")[0] in refused.value.where
    assert "\n" not in refused.value.line()


@pytest.mark.parametrize("data", [b"data = ", b"\xff\xfe", b"[data]\nx = 1", b"data = 1\ndata = 2"])
def test_a_file_that_is_no_toml_is_refused_with_its_name(data: bytes, tmp_path: Path) -> None:
    config = tmp_path / "muster.toml"
    config.write_bytes(data)
    with pytest.raises(BadInput):
        settings_from(config)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        settings_from(tmp_path / "none.toml")


def test_without_a_data_directory_there_are_no_settings() -> None:
    with pytest.raises(BadInput, match="data"):
        settings_from(None)
