"""A hunt on a real standalone cluster on this machine finds what a hunt in process finds, also when a worker dies."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from socket import socket

import pytest

from muster.store.archive import Archive
from tests.detect.stored import packed

pytestmark = [pytest.mark.soak, pytest.mark.spark, pytest.mark.timeout(600)]

RULES = """
title: Root
id: 33333333-3333-3333-3333-333333333333
name: root
logsource: {category: any}
detection: {sel: {user: root}, condition: sel}
---
title: Needle
logsource: {category: any}
detection: {keywords: [needle], condition: keywords}
---
title: Often
correlation: {type: event_count, rules: [root], generate: true, group-by: [host], timespan: 1h, condition: {gte: 40}}
"""


def free_port() -> int:
    with socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Cluster:
    """A master and two workers."""

    def __init__(self, folder: Path) -> None:
        import pyspark

        home = Path(pyspark.__file__).parent
        self.environment = {
            **os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home), "MUSTER_STATE": str(folder / "state"),
            "SPARK_WORKER_DIR": str(folder / "work"), "PYSPARK_PYTHON": sys.executable,
        }  # fmt: skip
        self.script = home / "bin" / "spark-class"
        self.log = (folder / "spark.log").open("ab")
        port = free_port()
        self.master = f"spark://127.0.0.1:{port}"
        one = self._start(
            "master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(free_port())
        )
        self.processes = [one]
        for _ in range(2):
            more = (
                "--cores",
                "1",
                "--memory",
                "1g",
                "--host",
                "127.0.0.1",
                "--webui-port",
                str(free_port()),
                self.master,
            )
            self.processes.append(self._start("worker.Worker", *more))
        until = time.monotonic() + 120
        while Path(self.log.name).read_bytes().count(b"Successfully registered with master") < 2:
            assert time.monotonic() < until, Path(self.log.name).read_text()[-2_000:]
            time.sleep(0.2)

    def _start(self, name: str, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [self.script, f"org.apache.spark.deploy.{name}", *arguments],
            env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip

    def kill_a_worker_with_its_executor(self) -> list[str]:
        """Kills the first worker and what it started by `kill -9`; gives the command lines of what died."""
        worker = self.processes[1].pid
        family = [worker, *_below(worker)]
        killed = [Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ") for one in family]
        for one in family:
            os.kill(one, signal.SIGKILL)
        return killed

    def stop(self) -> None:
        for one in reversed(self.processes):
            for child in [*_below(one.pid), one.pid]:
                try:
                    os.kill(child, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            one.wait()
        self.log.close()


def _below(process: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [*_below(child), child]
    return found


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    # Asked for by `make spark` or `make soak`, which install Spark: without it nothing would be shown, so it is red.
    assert find_spec("pyspark"), "Spark is not installed: run `make spark`."
    assert which("java"), "Java is not installed: take Java 17 from the packages of your system."
    made = Cluster(tmp_path)
    yield made
    made.stop()


def hunt(folder: Path, environment: dict[str, str], *more: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "muster", "hunt", "--json", "--rules", str(folder / "rules.yml")]
    return subprocess.Popen(
        [*command, "--store", str(folder / "archive"), *more],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_hits_are_equal_also_when_a_worker_and_its_executor_are_killed(
    tmp_path: Path, cluster: Cluster
) -> None:
    archive = Archive(str(tmp_path / "archive"))
    for hour in range(12):
        for at in range(3):
            events = [
                {"Channel": f"C{n % 2}", "user": "root" if n % 50 == at else "eve", "host": f"h{n % 3}", "n": f"{hour} {n}",
                 "@timestamp": f"2026-11-24T{hour:02}:{at}0:{n % 60:02}Z", "line": "a needle" if n == 77 else "hay"}
                for n in range(2_000)
            ]  # fmt: skip
            archive.put(
                packed(events, sha256=f"{hour:02}{at:02}" * 16, arrived=f"20261124T{hour:02}{at}000.000000Z")
            )
    (tmp_path / "rules.yml").write_text(RULES)

    alone, _ = hunt(tmp_path, cluster.environment).communicate()
    expected = alone.splitlines()
    assert {json.loads(line)["title"] for line in expected} == {"Root", "Needle", "Often"}

    spread = hunt(tmp_path, cluster.environment, "--spark", cluster.master)
    states = tmp_path / "state" / "hunts"
    until = time.monotonic() + 240
    while not any(file.read_bytes().count(b"\n") >= 2 for file in states.glob("*.jsonl")):
        assert spread.poll() is None, spread.communicate()[1].decode()[-2_000:]
        assert time.monotonic() < until
        time.sleep(0.05)
    killed = cluster.kill_a_worker_with_its_executor()
    assert any("CoarseGrainedExecutorBackend" in one for one in killed), killed
    found, said = spread.communicate(timeout=300)
    assert spread.returncode == 0, said.decode()[-2_000:]
    assert found.splitlines() == expected
    assert Path(cluster.log.name).exists()
