"""Passwords: argon2id, at most two at a time, long enough, typed on any keyboard."""

import threading
import time

import pytest

from muster.app import passwords
from muster.app.passwords import LONGEST, SHORTEST, check, fits, hash_of
from muster.core.errors import BadInput
from tests.app.stage import CHEAP


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)


def test_a_password_fits_its_hash_and_no_other_does() -> None:
    kept = hash_of("four plain words here")
    assert kept.startswith("$argon2id$")
    assert fits(kept, "four plain words here")
    assert not fits(kept, "four plain words hers")
    assert not fits(kept, "")


def test_the_same_letters_however_they_are_composed() -> None:
    assert fits(hash_of("Mu\u0308ller und Söhne"), "M\u00fcller und So\u0308hne")


@pytest.mark.parametrize("password", ["", "x" * (SHORTEST - 1), "x" * (LONGEST + 1), "\ufdfa" * LONGEST])
def test_too_short_or_too_long_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(BadInput) as refused:
        check(password)
    assert not password or password not in refused.value.line()


def test_without_a_hash_it_takes_the_same_work_and_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []

    class Counted:
        def hash(self, password: str) -> str:
            worked.append(password)
            return ""

    monkeypatch.setattr(passwords, "_HASHER", Counted())
    assert not fits(None, "anything at all")
    assert worked == ["anything at all"]


@pytest.mark.parametrize("kept", ["", "no hash", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_a_damaged_hash_fits_nothing(kept: str) -> None:
    assert not fits(kept, "four plain words here")


def test_a_very_long_guess_costs_nothing() -> None:
    assert not fits(hash_of("four plain words here"), "x" * 1_000_000)


def test_never_more_than_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    class Slow:
        def hash(self, password: str) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.02)
            with lock:
                running -= 1
            return ""

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    threads = [threading.Thread(target=fits, args=(None, "a guess of many")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_the_real_work_is_the_library_s_recommendation() -> None:
    from argon2 import PasswordHasher

    real = PasswordHasher()
    assert real.memory_cost >= 47_104 or (real.memory_cost >= 19_456 and real.time_cost >= 2)
