"""The channels that the settings set up."""

from pathlib import Path

import pytest

from muster.app.settings import Settings, settings_from
from muster.channels.registry import channels
from muster.core.errors import BadInput

TOML = """
data = "data"
[mail]
host = "localhost"
tls = "none"
sender = "muster@shop.example"
[webhooks.board]
url = "https://shop.example/hook"
secret_files = ["{secret}"]
"""


def test_without_settings_there_is_none(tmp_path: Path) -> None:
    assert channels(Settings(data=tmp_path)) == {}


def test_each_section_is_one_channel(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("whsec_" + "A" * 44)
    (tmp_path / "muster.toml").write_text(TOML.format(secret=tmp_path / "secret"))
    assert sorted(channels(settings_from(tmp_path / "muster.toml"))) == ["mail", "webhook:board"]
    (tmp_path / "secret").unlink()
    with pytest.raises(BadInput, match="secret"):
        channels(settings_from(tmp_path / "muster.toml"))


def test_a_secret_does_not_stand_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "muster.toml").write_text(TOML.format(secret="x") + 'secret = "whsec_AAAA"\n')
    with pytest.raises(BadInput) as found:
        settings_from(tmp_path / "muster.toml")
    assert "whsec_" not in found.value.line()
