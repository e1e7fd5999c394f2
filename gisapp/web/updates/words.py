"""Words of the updates pages for codes: states, kinds, results, steps and what each does."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from gisapp.web.texts import Texts


@cache
def words() -> dict[str, dict[str, tuple[str, str]]]:
    """Every group of words.toml: code -> (Indonesian, English)."""
    document = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return {
        group: {code: (pair["id"], pair["en"]) for code, pair in entries.items()} for group, entries in document.items()
    }


def word(group: str, code: str | None, t: Texts) -> str:
    """Word for a code in the language of the page; a code without a word stays as it is."""
    found = words()[group].get(code or "")
    return t.pick(found) if found else (code or "")


def sentence_case(text: str) -> str:
    """Text with a large first letter; abbreviations stay as they are.

    >>> sentence_case("kepala dusun, RW dan RT")
    'Kepala dusun, RW dan RT'
    """
    return text[:1].upper() + text[1:]
