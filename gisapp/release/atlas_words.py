"""Fixed words of the printed atlas, in two languages; they stand in atlas_words.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def atlas_words() -> dict[str, tuple[str, str]]:
    """Every phrase by key: (Indonesian, English)."""
    entries = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {key: (pair["id"], pair["en"]) for key, pair in entries.items()}


def atlas_word(key: str, lang: str, **fields: Any) -> str:
    """Return a phrase of the atlas in the language, with its fields filled."""
    phrase = atlas_words()[key][0 if lang == "id" else 1]
    return phrase.format(**fields) if fields else phrase
