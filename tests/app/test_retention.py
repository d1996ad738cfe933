"""Words of old access streams go by rule; what is kept still proves that nothing else was taken away."""

from muster.access.passing import DenialReason, SignedIn
from muster.access.verbs import Verb
from muster.app.caller import nobody
from muster.app.registry import FOLDS, KINDS
from muster.app.retention import Retention
from muster.store.project import FOLD_VERSION, project
from muster.store.verifying import verify_database
from tests.app.stage import SERVER_CALLER, Stage


def retention(stage: Stage, days: int | None) -> Retention:
    return Retention(stage.muster.doing, SERVER_CALLER, days)


def visited(stage: Stage) -> None:
    ada = stage.people["ada"].caller
    stage.muster.journal.write(
        ada, stage.clock.now, SignedIn(account=ada.actor.account, source="203.0.113.7")
    )
    stage.muster.journal.denied(nobody("203.0.113.8"), stage.clock.now, DenialReason.WRONG_PASSWORD)


def words(stage: Stage) -> list[str]:
    return [entry.header.kind for entry in stage.entries("access.") if entry.body is not None]


def test_without_a_rule_everything_is_kept(stage: Stage) -> None:
    visited(stage)
    stage.clock.turn(days=4000)

    assert retention(stage, None).run(stage.clock.now) == 0
    assert "access.signed-in" in words(stage)


def test_old_days_lose_their_words_and_young_ones_keep_them(stage: Stage) -> None:
    visited(stage)
    old = len(words(stage))
    stage.clock.turn(days=40)
    visited(stage)
    young = len(words(stage)) - old

    erased = retention(stage, 30).run(stage.clock.now)

    assert erased == old
    assert len(words(stage)) == young
    assert len(stage.entries("access.")) == old + young


def test_what_is_left_verifies_and_a_second_run_does_nothing(stage: Stage) -> None:
    visited(stage)
    stage.clock.turn(days=40)
    retention(stage, 30).run(stage.clock.now)

    assert retention(stage, 30).run(stage.clock.now) == 0
    verified = verify_database(
        stage.muster.record.ledger.database,
        None,
        kinds=KINDS,
        folds=FOLDS,
        project=project,
        fold_version=FOLD_VERSION,
        keys=[],
        anchor=None,
    )
    assert [finding.line() for finding in verified.findings] == []
    assert verified.record.erased > 0


def test_incidents_are_not_its_business(stage: Stage) -> None:
    stage.do(Verb.DECLARE, stage.people["ada"], what="odd")
    stage.clock.turn(days=4000)

    retention(stage, 1).run(stage.clock.now)

    assert all(entry.body is not None for entry in stage.entries("incident."))
