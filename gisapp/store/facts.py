"""What a database knows about itself, by name."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gisapp.store.database import Place, session
from gisapp.store.tables import StoreFact

#: Id of the key that the database's sealed columns and keyed hashes were made with; absent until a first rotation.
KEY_FACT = "vault_key"


def read_fact(place: Place, name: str) -> str | None:
    """Value of a fact, or None where it was never set."""
    with session(place, write=False) as opened:
        found = opened.get(StoreFact, name)
        return found.value if found else None


def set_fact(database: Session, name: str, value: str) -> None:
    """Set a fact in the caller's transaction."""
    database.merge(StoreFact(name=name, value=value))
