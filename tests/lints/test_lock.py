"""A lock that does not fit pyproject.toml, has no hashes or names an index is found."""

import pytest

from lints.house import House
from lints.lock import check

PROJECT = """
[build-system]
requires = ["hatchling>=1.27"]
[project]
dependencies = ["click>=8.5"]
[project.optional-dependencies]
postgres = ["psycopg[binary]>=3.3"]
[dependency-groups]
dev = ["ruff>=0.17", {include-group = "build"}]
build = ["editables"]
"""
HASH = "    --hash=sha256:" + "0" * 64 + "\n"
LOCK = "".join(
    f"{pin} \\\n{HASH}    # via muster-ir (pyproject.toml)\n"
    for pin in (
        "click==8.5.1",
        "editables==0.6",
        "hatchling==1.33.0",
        "psycopg[binary]==3.3.9",
        "ruff==0.17.6",
    )
)


def messages(lock: str) -> list[str]:
    return [
        finding.message for finding in check(House.of({"pyproject.toml": PROJECT, "requirements.lock": lock}))
    ]


def test_a_lock_that_fits_is_silent() -> None:
    assert messages(LOCK) == []


@pytest.mark.parametrize("package", ["click", "editables", "hatchling", "psycopg", "ruff"])
def test_a_missing_package_is_found(package: str) -> None:
    (message,) = messages(LOCK.replace(package, "other"))
    assert message.startswith(package)


def test_a_version_out_of_range_is_found() -> None:
    (message,) = messages(LOCK.replace("click==8.5.1", "click==8.4.9"))
    assert message.startswith("click>=8.5 is asked for, 8.4.9 is locked")


def test_a_package_without_hash_is_found() -> None:
    assert messages(LOCK + "idna==3.20\n") == ["idna has no hash"]


@pytest.mark.parametrize(
    "line", ["--index-url https://example.org/simple\n", "-f wheels\n", "idna @ https://example.org/x.whl\n"]
)
def test_an_address_is_found(line: str) -> None:
    assert any("the machine's" in message for message in messages(line + LOCK))


def test_what_is_heavy_is_locked_apart_and_only_there() -> None:
    project = PROJECT.replace("[dependency-groups]", '[dependency-groups]\nspark = ["pyspark>=4.3"]')
    files = {"pyproject.toml": project, "requirements.lock": LOCK}
    assert list(check(House.of(files))) == []

    apart = {**files, "requirements-spark.lock": "py4j==0.10 \\\n" + HASH}
    (finding,) = check(House.of(apart))
    assert (finding.path, finding.message) == (
        "requirements-spark.lock",
        "pyspark is missing: run `make lock`",
    )
