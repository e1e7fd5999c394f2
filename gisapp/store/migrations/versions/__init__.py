"""Alembic migrations, run by ``gisapp.store.database.upgrade``."""
