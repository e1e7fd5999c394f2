"""Which needs a funded work answers, by the words of its kind of work (``work_kinds.toml`` beside this module)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gisapp.catalog.phrases import folded, longest_phrase
from gisapp.catalog.strict import Key, read_document
from gisapp.columns import DEPRIVATIONS, SERVICES

DEFAULT_FILE = Path(__file__).with_name("work_kinds.toml")
#: Needs that a work may answer, as suggestions name them.
NEEDS = (*DEPRIVATIONS, *(f"gap:{service}" for service in SERVICES))

_SCHEMA = {
    "answers": Key(kind="texts", required=True),
    "words": Key(kind="texts", required=True),
    "but_not": Key(kind="texts", required=True),
}


@dataclass(frozen=True, kw_only=True)
class WorkKind:
    """Folded words of a kind of work, words that speak against it, and the needs that it answers."""

    answers: tuple[str, ...]
    words: tuple[str, ...]
    but_not: tuple[str, ...]


@cache
def load_work_kinds(path: Path = DEFAULT_FILE) -> tuple[WorkKind, ...]:
    """Kinds of work in the order of the file; ConfigurationError names file, line and key."""
    document = read_document(path)
    top = {"work": Key(kind="tables", required=True), "source": Key(kind="text", required=True)}
    document.check({name: value for name, value in document.data.items() if name != "date"}, top)
    kinds = []
    for number, entry in enumerate(document.data["work"]):
        document.check(entry, _SCHEMA, ("work", number))
        unknown = ", ".join(sorted(set(entry["answers"]) - set(NEEDS)))
        if unknown:
            known = ", ".join(NEEDS)
            raise document.refuse(
                ("work", number, "answers"),
                f"{unknown} is no need. Known: {known}.",
                f"{unknown} tidak dikenal. Yang dikenal: {known}.",
            )
        kinds.append(
            WorkKind(
                answers=tuple(entry["answers"]),
                words=tuple(folded(word) for word in entry["words"]),
                but_not=tuple(folded(word) for word in entry["but_not"]),
            )
        )
    return tuple(kinds)


def work_answers(word: str, own: Mapping[str, str]) -> tuple[str, ...]:
    """Needs that a kind of work answers, none where nothing is known of it; a layer's own map goes first.

    >>> work_answers("Pembangunan Unit Sekolah Baru SD", {})
    ('gap:primary_school',)
    >>> work_answers("Rehabilitasi ruang kelas SD", {})
    ()
    """
    mapped = own.get(" ".join(word.split()).casefold())
    if mapped is not None:
        return tuple(need for need in NEEDS if need in [part.strip() for part in mapped.split(";")])
    if word.strip() in NEEDS:
        return (word.strip(),)
    text = folded(word)
    found = {
        need
        for kind in load_work_kinds()
        if longest_phrase(text, kind.words) and not longest_phrase(text, kind.but_not)
        for need in kind.answers
    }
    return tuple(need for need in NEEDS if need in found)
