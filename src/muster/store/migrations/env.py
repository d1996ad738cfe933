"""Alembic's entry: runs migrations on the connection that it is given."""

from alembic import context

from muster.store.schema import TABLES

context.configure(
    connection=context.config.attributes["connection"], target_metadata=TABLES, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
