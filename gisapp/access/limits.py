"""How long a log-in lasts and how many wrong tries are borne: the dated values of limits.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gisapp.catalog.strict import Key, read_document

FILE = Path(__file__).with_name("limits.toml")

_ENTRY = {
    "value": Key(kind="integer", required=True),
    "source": Key(kind="text", required=True),
    "date": Key(kind="text", required=True),
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Every value of the file by its name."""

    password_min_length: int
    password_max_length: int
    session_idle_minutes: int
    session_hours: int
    lockout_window_minutes: int
    lockout_name_tries: int
    lockout_address_tries: int


@lru_cache(maxsize=1)
def limits() -> Limits:
    """Read the file; ConfigurationError by line and key where it is wrong."""
    document = read_document(FILE)
    names = Limits.__dataclass_fields__
    document.check(document.data, {name: Key(kind="table", required=True) for name in names})
    for name in names:
        document.check(document.data[name], _ENTRY, (name,))
    return Limits(**{name: document.data[name]["value"] for name in names})
