"""The third schema adds which rule raised a signal, and touches nothing that was there."""

from muster.store.database import Database
from tests.store.at_schema import bring_to, indexes, tables


def test_it_adds_one_table_found_by_rule(database: Database) -> None:
    bring_to(database, "0002")
    before = tables(database)
    bring_to(database, "0003")
    assert tables(database) - before == {"fired"}
    assert indexes(database, "fired")["fired_by_rule"] == ["rule_key"]
