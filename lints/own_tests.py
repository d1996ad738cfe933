"""Every source file has a test file of its own, of the same name."""

from collections.abc import Iterator

from lints.house import Finding, House

EXEMPT = ("__init__", "__main__")


def check(house: House) -> Iterator[Finding]:
    """Match names: `respond/command.py` is tested by a `test_command.py` anywhere below tests/."""
    tests = {source.stem for source in house.python("tests/")}
    for source in house.python("src/", "lints/"):
        if source.stem in EXEMPT:
            continue
        if f"test_{source.stem}" not in tests:
            yield source.says(
                1, f"no test of its own: tests/{source.package or 'lints'}/test_{source.stem}.py"
            )
