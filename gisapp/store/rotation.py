"""Key rotation: everything sealed is encrypted anew under a new key; a crash at any instant leaves all of it readable.

The order makes it so. (1) The key file gets the new key beside the current one. (2) One transaction seals the tables
anew, computes their keyed hashes anew and records which key the database is under. (3) Files follow, one by one; both
keys read them. (4) The new key becomes the current one, and the old one stays to read what was carried away before.
``finish`` takes an interrupted rotation on from wherever it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, column, func, select, table, tuple_, update
from sqlalchemy.orm import Session

from gisapp.store.audit import append_event
from gisapp.store.database import Place, session
from gisapp.store.facts import KEY_FACT, read_fact, set_fact
from gisapp.store.files import workspace_lock
from gisapp.store.keyring import KEY_FILE, KeyRing, new_key, read_ring, write_ring
from gisapp.store.vault import KEY_ID_AT, Vault, vault_of

_ROWS = 1_000

Reseal = Callable[[Session, Vault, Vault], int]
ResealFiles = Callable[[Path, Session, Vault, Vault], int]


def _no_rows(database: Session, old: Vault, new: Vault) -> int:
    del database, old, new
    return 0


def _no_files(root: Path, database: Session, old: Vault, new: Vault) -> int:
    del root, database, old, new
    return 0


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """One kind of sealed thing and how a room that owns it encrypts it anew; each function returns how many it did.

    ``rows`` runs in one transaction with all others, ``files`` after it. Both may run again, and skip what is done.
    """

    name: str
    rows: Reseal = _no_rows
    files: ResealFiles = _no_files


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """What a rotation did; the ids tell keys apart and reveal nothing of them."""

    key: str
    former: tuple[str, ...]
    sealed: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {"key": self.key, "former": list(self.former), "sealed": self.sealed}


def rotate(root: Path, place: Place, sealed: Sequence[Sealed], *, actor: str = "local") -> Rotation:
    """Give a workspace a new key and encrypt everything anew under it; an interrupted rotation is finished first."""
    with workspace_lock(root):
        finish(root, place, sealed, actor=actor)
        write_ring(root, read_ring(root / KEY_FILE).begin(new_key()))
        done = finish(root, place, sealed, actor=actor)
        assert done is not None  # noqa: S101 - a rotation was begun just above
        return done


def finish(root: Path, place: Place, sealed: Sequence[Sealed], *, actor: str = "local") -> Rotation | None:
    """Take an interrupted rotation to its end; None where there is none."""
    ring = read_ring(root / KEY_FILE)
    if ring.pending is None:
        return None
    target = ring.under(ring.pending)
    old, new = vault_of(ring.under(ring.current)), vault_of(target)
    counts: dict[str, int] = {}
    if read_fact(place, KEY_FACT) != target.current.id.hex():
        with session(place) as database:
            counts = {one.name: one.rows(database, old, new) for one in sealed}
            set_fact(database, KEY_FACT, target.current.id.hex())
            append_event(database, action="keys.rotate", subject=target.current.id.hex(), detail=counts, actor=actor)
    with session(place, write=False) as database:
        for one in sealed:
            counts[one.name] = counts.get(one.name, 0) + one.files(root, database, old, new)
    write_ring(root, target)
    catch_up(root, place, sealed)
    return Rotation(key=key_ids(target)[0], former=key_ids(target)[1:], sealed=counts)


def catch_up(root: Path, place: Place, sealed: Sequence[Sealed]) -> int:
    """Encrypt anew what somebody stored under a former key just while keys were being rotated; returns how much."""
    ring = read_ring(root / KEY_FILE)
    if ring.pending is not None or not ring.former:
        return 0
    vault = vault_of(ring)
    with session(place) as database:
        done = sum(one.rows(database, vault, vault) for one in sealed)
        return done + sum(one.files(root, database, vault, vault) for one in sealed)


def key_ids(ring: KeyRing) -> tuple[str, ...]:
    """Ids of the keys of a ring, the current one first."""
    return tuple(key.id.hex() for key in ring.keys)


def reseal_rows(
    database: Session,
    name: str,
    values: Callable[[Any], dict[str, Any]],
    *,
    under: bytes,
    keys: Sequence[str],
    sealed: str = "sealed",
    hashes: Sequence[str] = (),
    reads: Sequence[str] = (),
) -> int:
    """Update every row of a table that is not sealed under the key of this id, some at a time; returns their number.

    ``values`` gets a row (primary key, sealed column, hashes, what it reads besides) and gives the sealed column and
    the hashes anew.
    """
    changed = (sealed, *hashes)
    wanted = table(name, *(column(each) for each in dict.fromkeys((*keys, *changed, *reads))))
    key = tuple_(*(wanted.c[each] for each in keys))
    found = select(wanted).where(func.substr(wanted.c[sealed], *KEY_ID_AT) != under)
    found = found.order_by(*(wanted.c[each] for each in keys)).limit(_ROWS)
    change = update(wanted).where(*(wanted.c[each] == bindparam(f"key_{each}") for each in keys))
    change = change.values({each: bindparam(f"new_{each}") for each in changed})
    done, rows = 0, database.execute(found).all()
    while rows:
        changes = []
        for row in rows:
            new = values(row)
            changes.append(
                {f"key_{each}": row._mapping[each] for each in keys} | {f"new_{each}": new[each] for each in changed}
            )
        database.connection().execute(change, changes)
        done += len(rows)
        last = tuple(rows[-1]._mapping[each] for each in keys)
        rows = database.execute(found.where(key > last)).all()
    return done
