"""A full disk: writing is refused, reading goes on, nothing half-done is left, and it goes on when there is room.

The disk is a small tmpfs, so this needs the right to mount one; elsewhere it is skipped, by name.
"""

from pathlib import Path

from tests.crash.place import Place
from tests.crash.servers import Servers
from tests.crash.small_disk import TOO_MUCH, Disk, Story, found_with_password, refused, signs_in


def test_a_full_disk_refuses_what_needs_an_entry_and_reading_goes_on(
    tmp_path: Path, disk: Disk, servers: Servers
) -> None:
    place = Place(tmp_path)
    token = found_with_password(place)
    server = servers.serving(place)
    assert signs_in(server).status_code == 303
    with server.client(token) as client:
        story = Story(client)
        taken = story.fills(disk)
        assert "full" in refused(lambda: story.log("x" * TOO_MUCH)).detail
        refused(lambda: client.post("declare", {"what": "x" * TOO_MUCH}))
        refused(lambda: client.events(b'{"n":2}\n' * 100_000, "another batch"))
        big = story.hit("lost")
        refused(lambda: client.post("hits", {"batch": "0" * 64, "events": 1, "hits": [big]}))
        story.reads()
        # What is read only with an entry of its own is not read; nor does anybody come in unseen.
        refused(lambda: client.get(f"incidents/{story.secret}"))
        refused(lambda: client.get(f"signals/{story.signal}/evidence/{story.evidence}"))
        page = signs_in(server)
        assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert "set-cookie" not in page.headers
        assert "Nothing can be written now" in page.text
        disk.make_room()
        assert signs_in(server).status_code == 303
        assert client.get(f"incidents/{story.secret}")["what"] == "Somebody inside"
        assert client.download(f"/api/v1/signals/{story.signal}/evidence/{story.evidence}") == b"found"
        assert story.log("There is room again")
        assert client.events(b'{"n":2}\n', "another batch")["events"] == 1
    assert server.stops() == 0
    place.is_whole()
    lines = [entry for entry in place.entries() if entry.stream == story.incident]
    assert len(lines) == 3 + taken + 1
