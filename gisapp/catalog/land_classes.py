"""Classes of land on plans and maps, read strictly from ``land_classes.toml`` beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gisapp.catalog.phrases import folded, longest_phrase
from gisapp.catalog.strict import Document, Key, read_document

DEFAULT_FILE = Path(__file__).with_name("land_classes.toml")
#: Kinds of land layer whose polygons are of classes; those in ``NEEDS_CLASS`` say nothing without one.
CLASSED_KINDS = ("kawasan_hutan", "pola_ruang_rtrw", "rawan_bencana")
NEEDS_CLASS = ("pola_ruang_rtrw",)
#: What a class means for a site that is looked for.
RULES = ("excludes", "note", "allows")

_SCHEMA = {
    "layer": Key(kind="text", required=True, choices=CLASSED_KINDS),
    "name": Key(kind="text", required=True),
    "title_id": Key(kind="text", required=True),
    "title_en": Key(kind="text", required=True),
    "words": Key(kind="texts", required=True),
}


@dataclass(frozen=True, kw_only=True)
class LandClass:
    """One class of one kind of land layer, with its titles and the folded words that name it."""

    layer: str
    name: str
    title_id: str
    title_en: str
    words: tuple[str, ...]


@cache
def load_land_classes(path: Path = DEFAULT_FILE) -> tuple[LandClass, ...]:
    """Classes in the order of the file; ConfigurationError names file, line and key."""
    document = read_document(path)
    top = {"class": Key(kind="tables", required=True), "source": Key(kind="text", required=True)}
    document.check({name: value for name, value in document.data.items() if name != "date"}, top)
    classes: list[LandClass] = []
    for number, entry in enumerate(document.data["class"]):
        document.check(entry, _SCHEMA, ("class", number))
        made = LandClass(**{**entry, "words": tuple(folded(word) for word in entry["words"])})
        _refuse_repeated(document, classes, made, number)
        classes.append(made)
    return tuple(classes)


def class_names(layer: str) -> tuple[str, ...]:
    """Names of the classes of one kind of land layer, in the order of the catalogue."""
    return tuple(found.name for found in load_land_classes() if found.layer == layer)


def land_class(layer: str, word: str, own: Mapping[str, str]) -> str | None:
    """Class that a source's word names: by the layer's own map, else by the catalogue; None where neither knows it.

    >>> land_class("pola_ruang_rtrw", "Kawasan Permukiman Perdesaan", {})
    'permukiman'
    """
    mapped = own.get(" ".join(word.split()).casefold())
    if mapped is not None:
        return mapped if mapped in class_names(layer) else None
    by_word = {phrase: found.name for found in load_land_classes() if found.layer == layer for phrase in found.words}
    phrase = longest_phrase(folded(word), by_word)
    name = folded(word).replace(" ", "_")
    return by_word[phrase] if phrase is not None else (name if name in by_word.values() else None)


def class_title(layer: str, name: str) -> str:
    """Indonesian title of a class; the name itself where the catalogue does not have it."""
    found = (entry.title_id for entry in load_land_classes() if (entry.layer, entry.name) == (layer, name))
    return next(found, name)


def _refuse_repeated(document: Document, before: list[LandClass], new: LandClass, number: int) -> None:
    mine = [entry for entry in before if entry.layer == new.layer]
    taken = {word for entry in mine for word in entry.words} & set(new.words)
    if new.name in {entry.name for entry in mine} or taken:
        what = ", ".join(sorted(taken)) or new.name
        raise document.refuse(
            ("class", number, "words" if taken else "name"),
            f"{what!r} stands twice for {new.layer}; give each class its own name and words.",
            f"{what!r} muncul dua kali untuk {new.layer}; beri tiap kelas nama dan kata sendiri.",
        )
