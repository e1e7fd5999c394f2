"""The dated parameters of the synthetic districts, read once from profiles.toml."""

from __future__ import annotations

import tomllib
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from gisapp.errors import InvalidParameterError

_FILE = Path(__file__).with_name("profiles.toml")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Size and published figures of the district that a synthetic one imitates."""

    name: str
    title: str
    code: str
    centre: tuple[float, float]
    area_km2: float
    kecamatan: int
    areas: int
    kelurahan: int
    urban_areas: int
    families: int
    persons: int
    listed_families: int
    poor_share: float
    published_name: str
    published_codes: tuple[str, ...]
    published: tuple[tuple[int, int, float], ...]


@cache
def parameters() -> dict[str, Any]:
    """Return every parameter as profiles.toml states it."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def invented_words() -> dict[str, list[str]]:
    """Return the invented names of people and areas of names.toml."""
    return tomllib.loads(_FILE.with_name("names.toml").read_text(encoding="utf-8"))


def profile_names() -> tuple[str, ...]:
    """Names that ``load_profile`` knows."""
    return tuple(parameters()["profiles"])


def load_profile(name: str) -> Profile:
    """Return one profile; an unknown name is refused with the names that exist."""
    known = parameters()["profiles"]
    if name not in known:
        names = ", ".join(known)
        raise InvalidParameterError(
            f"There is no demo profile {name!r}; choose one of: {names}.",
            f"Profil demo {name!r} tidak ada; pilih salah satu: {names}.",
        )
    values = dict(known[name])
    values["centre"] = tuple(values["centre"])
    values["published_codes"] = tuple(values["published_codes"])
    values["published"] = tuple(tuple(row) for row in values["published"])
    return Profile(name=name, **values)


def stream(seed: int, name: str) -> np.random.Generator:
    """Random stream of one topic, so that a change in one topic leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])
