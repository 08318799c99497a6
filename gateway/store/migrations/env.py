"""Alembic's door: runs the numbered steps on the connection that `migrate` hands in."""

from alembic import context

from gateway.store.partial_indexes import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
