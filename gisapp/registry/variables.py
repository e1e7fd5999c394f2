"""What each variable is called on screens, and what happens to it (``variables.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from gisapp.catalog.strict import read_document

Treatment = Literal["stored", "checked", "encrypted", "ignored"]

_FILE = Path(__file__).parent / "variables.toml"


@dataclass(frozen=True, kw_only=True)
class Variable:
    """Title of a variable in both languages, and what an intake does with it."""

    id: str
    en: str
    treatment: Treatment


@lru_cache(maxsize=1)
def load_variables() -> Mapping[str, Variable]:
    """Every variable of the forms by name."""
    return {name: Variable(**entry) for name, entry in read_document(_FILE).data.items()}
