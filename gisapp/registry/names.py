"""Names of areas as a check of their codes: written alike, or another place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz

from gisapp.catalog.strict import read_document

_FILE = Path(__file__).parent / "names.toml"
_WORD = re.compile(r"[a-z]+|\d+")
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_ROMAN = {name.casefold(): str(at) for at, name in enumerate((*_NUMERALS, *(f"X{one}" for one in _NUMERALS)), start=1)}
_ROMAN["xx"] = "20"

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class NameRules:
    """The rules of names.toml."""

    ratio: float
    prefixes: frozenset[str]
    words: Mapping[str, str]


@lru_cache(maxsize=1)
def load_name_rules() -> NameRules:
    """Read the rules that come with gisapp."""
    data = read_document(_FILE).data
    return NameRules(ratio=data["ratio"], prefixes=frozenset(data["prefixes"]), words=data["words"])


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """A name as it is compared: without what it is, words written one way, roman numerals as numbers, no blanks.

    >>> plain_name("Desa Sei. Litur-II"), plain_name("SUNGAI LITUR 2"), plain_name("Kec. Kota Pinang")
    ('sungailitur2', 'sungailitur2', 'kotapinang')
    """
    rules = load_name_rules()
    words = _WORD.findall(name.casefold())
    while len(words) > 1 and words[0] in rules.prefixes:
        words = words[1:]
    told = [rules.words.get(word, word) for word in words]
    return "".join(_ROMAN.get(word, word.lstrip("0") or word) if at else word for at, word in enumerate(told))


@lru_cache(maxsize=65536)
def alike(name: str, other: str) -> bool:
    """Whether two names may be one place's; their numbers must be equal.

    >>> alike("Bohorok", "BAHOROK"), alike("Sei Bamban I", "Sungai Bamban 2"), alike("Kotapinang", "Stabat")
    (True, False, False)
    """
    left, right = plain_name(name), plain_name(other)
    if left == right:
        return True
    if re.findall(r"\d+", left) != re.findall(r"\d+", right):
        return False
    return fuzz.ratio(left, right) >= load_name_rules().ratio


def differing(codes: npt.NDArray[np.object_], names: pd.Series, known: Mapping[str, str]) -> Flags:
    """Rows whose name is not that of their code in ``known``; False where either is blank."""
    by_code, unique_codes = pd.factorize(codes)
    by_name, unique_names = pd.factorize(names)
    pairs, positions = np.unique(by_code.astype(np.int64) * (len(unique_names) + 1) + by_name, return_inverse=True)
    differs = np.array([_differs_at(int(pair), unique_codes, unique_names, known) for pair in pairs], dtype=bool)
    found: Flags = differs[positions]
    return found


def _differs_at(pair: int, codes: npt.NDArray[np.object_], names: pd.Index, known: Mapping[str, str]) -> bool:
    code, name = divmod(pair, len(names) + 1)
    return code >= 0 and name < len(names) and _differs(codes[code], names[name], known)


def _differs(code: object, name: object, known: Mapping[str, str]) -> bool:
    given, own = str(name).strip(), known.get(str(code), "")
    return bool(given and own) and any(char.isalpha() for char in given) and not alike(given, own)
