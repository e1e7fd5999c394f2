"""Alembic's entry: runs the migrations on the connection that ``store.database.upgrade`` hands in."""

from alembic import context

from gisapp.store.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
