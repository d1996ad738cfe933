"""Wait until the owner of a PostgreSQL server's folder is gone, then stop the server and remove the folder.

A daemon: it outlives a test run that was killed. Arguments: the folder and the path of pg_ctl.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path


def main(folder: Path, pg_ctl: Path) -> None:
    """Sleep on the owner's lock; the kernel wakes us when the owner ends, however it ends."""
    with (folder / "owner.lock").open("r+") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
    data = folder / "data"
    for _ in range(20):  # a server that is just starting can be stopped only in a moment
        if not (data / "postmaster.pid").exists() or _stop(data, pg_ctl):
            break
        time.sleep(0.2)
    shutil.rmtree(folder, ignore_errors=True)


def _stop(data: Path, pg_ctl: Path) -> bool:
    owner = data.stat()
    identity: dict[str, object] = {}
    if os.geteuid() == 0:
        identity = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    command = [pg_ctl, "stop", "-s", "-w", "-t", "10", "-m", "immediate", "--pgdata", data]
    return subprocess.run(command, cwd="/", check=False, **identity).returncode == 0


if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # whoever started us goes on; nobody has to wait for the daemon
    os.setsid()
    main(Path(sys.argv[1]), Path(sys.argv[2]))
