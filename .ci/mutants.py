"""Run mutmut on record/ and access/ and hold it to a bound: nine of ten changes must be noticed by the tests."""

import subprocess
import sys
from pathlib import Path

BOUND = 90
MUTMUT = [sys.executable, "-m", "mutmut"]
UNNOTICED = {"survived", "no tests", "suspicious"}
NOTICED = {"killed", "timeout", "segfault", "caught by type check"}


def count(lines: list[str]) -> tuple[list[str], int]:
    """The changes that nobody noticed, and how many were noticed, from mutmut's list of results."""
    unnoticed, noticed = [], 0
    for line in lines:
        name, _, outcome = line.strip().rpartition(": ")
        if outcome in UNNOTICED:
            unnoticed.append(f"{outcome}: {name}")
        elif outcome in NOTICED:
            noticed += 1
    return unnoticed, noticed


def main() -> int:
    """Run, list what nobody noticed, and answer with the exit code."""
    if not any(Path("src/muster", part).is_dir() for part in ("record", "access")):
        print("mutants: neither record/ nor access/ is here yet")
        return 0
    ended = subprocess.run([*MUTMUT, "run"], check=False, capture_output=True, text=True)
    if ended.returncode:
        print(
            ended.stdout[-2000:],
            ended.stderr[-2000:],
            "mutants: mutmut did not run",
            sep="\n",
            file=sys.stderr,
        )
        return 1
    told = subprocess.run([*MUTMUT, "results", "--all", "true"], check=True, capture_output=True, text=True)
    unnoticed, noticed = count(told.stdout.splitlines())
    total = noticed + len(unnoticed)
    if not total:
        print("mutants: none was made, which proves nothing", file=sys.stderr)
        return 1
    share = 100 * noticed / total
    print(
        *sorted(unnoticed),
        f"{noticed} of {total} changes were noticed: {share:.1f} %, at least {BOUND}",
        sep="\n",
    )
    return 0 if share >= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
