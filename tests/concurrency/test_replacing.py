"""Two people do the same thing in the same moment: of two who replace, one wins; of two who add, both stand."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from muster.client import Json, Problem
from tests.concurrency.test_appends import serving
from tests.crash.place import Place
from tests.crash.servers import Server, Servers

ROUNDS = 4


def both(servers: list[Server], token: str, verb: str, fields: list[Json]) -> list[Json | Problem]:
    """Two requests in one moment, to two servers where there are two; what came of each."""
    gate = Barrier(2)

    def ask(number: int) -> Json | Problem:
        with servers[number % len(servers)].client(token) as client:
            client.get("me")
            gate.wait(timeout=30)
            try:
                return client.post(verb, fields[number])
            except Problem as problem:
                return problem

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(ask, range(2)))


def test_of_two_who_replace_one_wins_and_the_other_sees_both_texts(place: Place, servers: Servers) -> None:
    token = place.founded()
    running = serving(place, servers)
    with running[0].client(token) as client:
        incident = client.post("declare", {"what": "The shop is down"})["incident"]
        for version in range(ROUNDS):
            texts = [f"It is the disk ({version})", f"It is the network ({version})"]
            fields = [{"incident": incident, "text": text, "expected": version} for text in texts]
            answers = both(running, token, "summary", fields)
            (lost,) = [number for number, answer in enumerate(answers) if isinstance(answer, Problem)]
            problem = answers[lost]
            assert isinstance(problem, Problem)
            assert (problem.status, problem.body["theirs"], problem.body["yours"], problem.body["version"]) == (
                409, texts[1 - lost], texts[lost], version + 1,
            )  # fmt: skip
            assert answers[1 - lost] == {"version": version + 1}
        assert client.get(f"incidents/{incident}")["summary"] == texts[1 - lost]
    assert all(server.stops() == 0 for server in running)
    place.is_whole()


@pytest.mark.soak
def test_of_two_who_add_both_stand(place: Place, servers: Servers) -> None:
    token = place.founded()
    running = serving(place, servers)
    with running[0].client(token) as client:
        incident = client.post("declare", {"what": "The shop is down"})["incident"]
        seqs: list[int] = []
        for number in range(ROUNDS):
            fields = [{"incident": incident, "text": f"{who} {number}"} for who in ("Ana", "Ben")]
            answers = both(running, token, "log", fields)
            seqs += [answer["seq"] for answer in answers if not isinstance(answer, Problem)]
        entries = client.get(f"incidents/{incident}")["entries"]
    texts = [entry["text"] for entry in entries if entry["kind"] == "log.written"]
    assert sorted(texts) == sorted(f"{who} {number}" for number in range(ROUNDS) for who in ("Ana", "Ben"))
    assert sorted(seqs) == list(range(min(seqs), min(seqs) + 2 * ROUNDS))


@pytest.mark.soak
def test_one_key_sent_twice_at_once_is_done_once(place: Place, servers: Servers) -> None:
    token = place.founded()
    running = serving(place, servers)
    gate = Barrier(2)

    def declare(number: int) -> str:
        with running[number % len(running)].client(token) as client:
            client.get("me")
            gate.wait(timeout=30)
            return str(client.post("declare", {"what": "Once"}, key=key)["incident"])

    for number in range(ROUNDS):
        key = f"the same key {number}"
        with ThreadPoolExecutor(2) as pool:
            one, other = pool.map(declare, range(2))
        assert one == other
    with running[0].client(token) as client:
        assert len(client.get("incidents")["incidents"]) == ROUNDS
