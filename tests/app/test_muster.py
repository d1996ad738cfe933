"""The parts of a server in one place."""

from muster.app.muster import Muster


def test_its_clock_for_quotas_never_goes_back() -> None:
    first = Muster.monotonic()
    assert Muster.monotonic() >= first


def test_it_holds_every_part_and_none_can_be_exchanged(stage: object) -> None:
    muster = getattr(stage, "muster")  # noqa: B009 - the stage is only passed through
    for name in (
        "doing",
        "reading",
        "sign_in",
        "events",
        "evidence",
        "exporting",
        "rules",
        "health",
        "reports",
    ):
        assert getattr(muster, name) is not None
    assert Muster.__dataclass_params__.frozen  # pyright: ignore[reportAttributeAccessIssue] - of every dataclass
