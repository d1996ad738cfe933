"""Make or mend the virtual environment `.venv`: the locked packages, by hash, and Muster itself.

Nothing happens when the environment is already what the lock, pyproject.toml, this interpreter and this folder
ask for. No index is named here: pip and uv take theirs from the machine's own configuration. uv installs, because
it is several times quicker; where it cannot, pip does the same.

Only the standard library is used, and only syntax that an old Python understands, so that it can say what it needs.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 14)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "muster.stamp"  # what the environment was made from; written last
BUSY = VENV / "muster.busy"  # stands while the environment is being changed


def wanted(version):
    """Everything that the environment depends on, as one hash."""
    digest = hashlib.sha256()
    for part in (LOCK, ROOT / "pyproject.toml", Path(__file__)):
        digest.update(hashlib.sha256(part.read_bytes()).digest())
    digest.update(f"{version}\0{ROOT}".encode())
    return digest.hexdigest()


def version_of(python):
    """The full version and the base of an interpreter, or None when it does not run."""
    question = "import sys; print(sys.version.split()[0], sys.base_prefix)"
    try:
        answer = subprocess.run([python, "-I", "-c", question], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()


def complete():
    """Whether the parts that everything else rests on can be found in the environment."""
    question = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ('muster', 'pytest'))))"
    told = subprocess.run([PYTHON, "-I", "-c", question], check=False)
    return told.returncode == 0 and (VENV / "bin" / "muster").exists()


def entry_of_lock(name):
    """The lines of one package in the lock, with its hashes."""
    lines, taken = LOCK.read_text(encoding="utf-8").splitlines(), []
    for line in lines:
        if taken and not line.startswith(" "):
            break
        if taken or line.startswith(f"{name}=="):
            taken.append(line)
    if not taken:
        raise SystemExit(f"environment: {name} is missing in {LOCK.name}; run `make lock`")
    return "\n".join(taken) + "\n"


def uv_settings():
    """The process environment for uv, with what this machine told pip and did not tell uv."""
    told = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    pip = {}
    for line in told.stdout.splitlines():
        name, _, value = line.partition("=")
        pip[name.rpartition(".")[2]] = value.strip("'\"").replace("\\n", " ")
    environment = dict(os.environ)
    pairs = (
        ("index-url", "UV_DEFAULT_INDEX"),
        ("extra-index-url", "UV_INDEX"),
        ("find-links", "UV_FIND_LINKS"),
        ("cert", "SSL_CERT_FILE"),
    )
    for theirs, ours in pairs:
        if pip.get(theirs):
            environment.setdefault(ours, " ".join(pip[theirs].split()))
    if pip.get("no-index") in ("true", "1", "yes"):
        environment.setdefault("UV_NO_INDEX", "1")
    return environment


def install():
    """Install the lock and Muster into the environment, by uv or else by pip."""
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    itself = ["--no-deps", "--no-build-isolation", "--editable", ROOT]
    first = VENV / "uv.lock.txt"
    first.write_text(entry_of_lock("uv"), encoding="utf-8")
    uv = [VENV / "bin" / "uv", "--quiet", "pip"]
    with_uv = (
        [*pip, "--require-hashes", "--requirement", first],
        [*uv, "sync", "--python", PYTHON, "--require-hashes", "--compile-bytecode", LOCK],
        [*uv, "install", "--python", PYTHON, *itself],
    )
    with_pip = ([*pip, "--require-hashes", "--requirement", LOCK], [*pip, *itself])
    settings = uv_settings()
    if all(run(command, settings) for command in with_uv):
        return
    print("environment: uv could not install; trying pip", flush=True)
    if not all(run(command, dict(os.environ)) for command in with_pip):
        raise SystemExit("environment: the locked packages could not be installed; pip said why, above")


def add(group):
    """Put what one more group needs into the environment, beside what is there: its lock holds nothing else."""
    lock = ROOT / f"requirements-{group}.lock"
    with_uv = [
        VENV / "bin" / "uv",
        "--quiet",
        "pip",
        "install",
        "--python",
        PYTHON,
        "--require-hashes",
        "-r",
        lock,
    ]
    with_pip = [
        PYTHON,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
        "install",
        "--require-hashes",
        "-r",
        lock,
    ]
    if not run(with_uv, uv_settings()) and not run(with_pip, dict(os.environ)):
        raise SystemExit(
            f"environment: the packages of {lock.name} could not be installed; pip said why, above"
        )


def run(command, environment):
    """Run one command at the root of the repository and say whether it succeeded."""
    return (
        subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
        == 0
    )


def compile_sources():
    """Bytecode of what is run here, for all workers and servers of a test run; pytest has a kind of its own for tests."""
    folders = [name for name in ("src", "lints", "tests") if (ROOT / name).is_dir()]
    its_own = r"/(test_[^/]*|conftest)\.py$"
    run([PYTHON, "-I", "-m", "compileall", "-qq", "-j", "2", "-x", its_own, *folders], dict(os.environ))


def main():
    """Make the environment unless it is already right; whoever comes second waits for the first."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        here = ".".join(map(str, sys.version_info[:2]))
        raise SystemExit(
            f"environment: this is Python {here}, Muster needs 3.11 to 3.14: make PYTHON=python3.13 ..."
        )
    with Path(__file__).open(encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if "--more" in sys.argv:
            add(sys.argv[sys.argv.index("--more") + 1])
            return
        mend()
        compile_sources()


def mend():
    """Compare what is there with what is wanted, and change it."""
    mine = version_of(sys.executable)
    theirs = version_of(PYTHON)
    if "--keep" in sys.argv and theirs and OLDEST <= tuple(map(int, theirs.split(".")[:2])) <= NEWEST:
        mine = theirs  # no interpreter was asked for by name: the environment keeps the one it has
    stamp = STAMP.read_text(encoding="utf-8").split() if STAMP.exists() else []
    wish = [wanted(mine), str(ROOT)]
    if stamp == wish and mine == theirs and not BUSY.exists() and complete():
        return
    usable = stamp[1:] == wish[1:] and mine == theirs and not BUSY.exists() and complete()
    print(
        f"environment: {'bringing up to date' if usable else 'making'} .venv with Python {mine.split()[0]}",
        flush=True,
    )
    if not usable:
        shutil.rmtree(VENV, ignore_errors=True)
        if not run([sys.executable, "-m", "venv", VENV], dict(os.environ)):
            raise SystemExit(
                "environment: `python3 -m venv` failed; on Debian and Ubuntu install python3-venv first"
            )
    BUSY.touch()
    STAMP.unlink(missing_ok=True)
    install()
    STAMP.write_text("\n".join(wish), encoding="utf-8")
    BUSY.unlink()


if __name__ == "__main__":
    main()
