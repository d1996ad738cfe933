"""Every source file has a test file of its own, of the same name."""

from collections.abc import Iterator

from lints.house import Finding, House

EXEMPT = ("__init__", "__main__")
FOLDERS = {
    "src/muster/store/migrations/": "Alembic runs these; tests/store/test_migrate.py walks through all of them"
}


def check(house: House) -> Iterator[Finding]:
    """Match names: `respond/command.py` is tested by a `test_command.py` anywhere below tests/."""
    tests = {source.stem for source in house.python("tests/")}
    for source in house.python("src/", "lints/"):
        if source.stem in EXEMPT or source.path.startswith(tuple(FOLDERS)):
            continue
        if f"test_{source.stem}" not in tests:
            yield source.says(
                1, f"no test of its own: tests/{source.package or 'lints'}/test_{source.stem}.py"
            )
