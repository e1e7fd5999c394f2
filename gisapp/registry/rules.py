"""The rules of ``forms/rules.toml``: what a canonical class means, the same for every form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from gisapp.catalog.strict import read_document
from gisapp.columns import DEPRIVATIONS

RULES_FILE = Path(__file__).parent / "forms" / "rules.toml"

#: Variables that are answered with yes or no.
YES_NO = ("child_out_of_school", "adult_works", "receives_pkh", "receives_bpnt", "receives_pbi")
#: How hard something is for a person, from the hardest; the numbers of the answers run up or down by form.
DIFFICULTY = frozenset({"cannot", "a_lot", "some", "none"})

_NUMBER = re.compile(r"0*(\d+)(?:[.,]0+)?")
_NUMBERED_TEXT = re.compile(r"0*(\d+)(?:[.)]\s+\S|\s*[-–:]\s*[^\W\d]).*")


def answer_key(answer: str) -> str:
    """Answer as it is compared: ``08``, ``8,0``, ``8. Tanah`` and ``8 - Tanah`` are ``8``; texts in lower case.

    >>> [answer_key(text) for text in ("08", "8.0", "8. Tanah", "8-Tanah", " Sumur  BOR ", "Tdk.")]
    ['8', '8', '8', '8', 'sumur bor', 'tdk']
    """
    text = " ".join(answer.split()).casefold().rstrip(".")
    found = _NUMBER.fullmatch(text) or _NUMBERED_TEXT.fullmatch(text)
    return found[1] if found else text


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """How the parts of one deprivation are combined, in a family and over its members."""

    parts: tuple[str, ...]
    alternatives: bool = False
    none_if_zero: tuple[str, ...] = ()
    members: Literal["any", "all"] | None = None
    ages: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The whole of rules.toml."""

    indicators: Mapping[str, Indicator]
    judge: Mapping[str, Mapping[str, str]]
    below: Mapping[str, float]
    yes_no: Mapping[str, str]


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    """Read the rules that come with gisapp."""
    data = read_document(RULES_FILE).data
    return Rules(
        indicators={name: _indicator(data["indicators"][name]) for name in DEPRIVATIONS},
        judge=data["judge"],
        below=data["below"],
        yes_no={answer_key(text): name for text, name in data["yes_no"].items()},
    )


def _indicator(table: dict[str, Any]) -> Indicator:
    return Indicator(
        parts=tuple(table["parts"]),
        alternatives=table.get("alternatives", False),
        none_if_zero=tuple(table.get("none_if_zero", ())),
        members=table.get("members"),
        ages=tuple(table["ages"]) if "ages" in table else None,
    )


def classes_of(variable: str) -> frozenset[str]:
    """Classes that the rules can judge for a variable; empty where any class is as good as another."""
    if variable == "yes_no" or variable in YES_NO:
        return frozenset({"yes", "no"})
    if variable == "difficulty":
        return DIFFICULTY
    return frozenset(load_rules().judge.get(variable, {}))
