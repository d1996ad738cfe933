"""The tables: every one belongs to one of three classes, and columns are of plain types only."""

from sqlalchemy import BigInteger, LargeBinary, Text

from muster.store import schema


def test_every_table_is_of_exactly_one_class() -> None:
    classes = [*schema.RECORD, *schema.PROJECTION, *schema.WORKING]
    assert len(classes) == len({table.name for table in classes})
    assert {table.name for table in classes} == set(schema.TABLES.tables)


def test_columns_hold_text_whole_numbers_and_bytes_only() -> None:
    for table in schema.TABLES.tables.values():
        for column in table.columns:
            assert type(column.type) in (Text, BigInteger, LargeBinary), f"{table.name}.{column.name}"


def test_headers_bodies_and_hashes_are_bytes() -> None:
    for column in (schema.entries.c.header, schema.bodies.c.body, schema.bodies.c.salt, schema.leaves.c.hash):
        assert isinstance(column.type, LargeBinary)


def test_every_table_has_a_key() -> None:
    assert all(len(table.primary_key) > 0 for table in schema.TABLES.tables.values())
