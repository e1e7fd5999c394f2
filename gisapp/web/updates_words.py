"""Words of the updates pages for codes: states, kinds, results, questions of a form and their answers."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from gisapp.web.texts import Texts


@cache
def words() -> dict[str, dict[str, tuple[str, str]]]:
    """Every group of updates_words.toml: code -> (Indonesian, English)."""
    document = tomllib.loads(Path(__file__).with_name("updates_words.toml").read_text(encoding="utf-8"))
    return {
        group: {code: (pair["id"], pair["en"]) for code, pair in entries.items()} for group, entries in document.items()
    }


def word(group: str, code: str | None, t: Texts) -> str:
    """Word for a code in the language of the page; a code without a word stays as it is."""
    found = words()[group].get(code or "")
    return t.pick(found) if found else (code or "")


def answer_word(form: str, variable: str, code: str, found: str | None, t: Texts) -> str:
    """Word for one answer of a form: its own, that of the question's class, that of the class, else the code."""
    for key in (f"{form}.{variable}.{code}", f"{variable}.{found}"):
        if key in words()["answers"]:
            return t.pick(words()["answers"][key])
    return word("classes", found, t) if found else code
