"""A server that finds its disk full or read-only at the start serves reading only, and says so."""

import signal
from pathlib import Path

import pytest

from tests.crash.place import Place
from tests.crash.servers import Servers
from tests.crash.small_disk import Disk, Story, found_with_password, refused, signs_in


@pytest.mark.parametrize("ends", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_on_a_disk_that_may_not_be_written_serves_reading_only(
    tmp_path: Path, disk: Disk, servers: Servers, ends: int
) -> None:
    place = Place(tmp_path)
    token = found_with_password(place)
    before = servers.serving(place)
    with before.client(token) as client:
        story = Story(client)
    before.signal(ends)
    before.waits_for_end()
    disk.read_only(True)
    server = servers.serving(place)
    assert server.said["reading_only"].startswith("Nothing can be written here")
    with server.client(token) as client:
        story.client = client
        refused(lambda: story.log("Nobody may write"))
        refused(lambda: client.events(b'{"n":2}\n', "another batch"))
        refused(lambda: client.get(f"incidents/{story.secret}"))
        story.reads()
    assert signs_in(server).status_code == 503
    assert server.stops() == 0
    disk.read_only(False)
    again = servers.serving(place)
    with again.client(token) as client:
        story.client = client
        assert story.log("It may be written again")
    assert again.stops() == 0
    place.is_whole()


def test_a_server_that_finds_a_full_disk_serves_reading_only(
    tmp_path: Path, disk: Disk, servers: Servers
) -> None:
    place = Place(tmp_path)
    token = found_with_password(place)
    disk.fill()
    server = servers.serving(place)
    assert server.said["reading_only"].startswith("Nothing can be written here: No space left on device.")
    with server.client(token) as client:
        refused(lambda: client.post("declare", {"what": "Nobody may write"}))
        assert client.get("incidents")["incidents"] == []
        assert "No space left" in client.get("status")["reading_only"]
    assert server.stops() == 0
