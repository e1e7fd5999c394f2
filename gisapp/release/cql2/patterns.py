"""LIKE without going back: ``%`` is any text, ``_`` any one character, a backslash takes the next one as it is."""

from __future__ import annotations

import re
from collections.abc import Callable


def matcher(pattern: str) -> Callable[[str], bool]:
    r"""Return a test of whole texts against a pattern.

    The pieces between ``%`` are looked for from left to right; taking each as early as it comes leaves the most room
    for the rest, so that a text is read once and no pattern takes long.

    >>> [matcher("%Desa_%1")(text) for text in ("Desa 1", "Desa 1 1", "Desa1")]
    [False, True, False]
    >>> matcher(r"100\%")("100%")
    True
    """
    pieces = [re.compile("".join(piece), re.DOTALL) for piece in _pieces(pattern)]
    lengths = [len(piece) for piece in _pieces(pattern)]
    if len(pieces) == 1:
        return lambda text: pieces[0].fullmatch(text) is not None

    def matches(text: str) -> bool:
        at = lengths[0]
        last = len(text) - lengths[-1]
        if pieces[0].match(text) is None:
            return False
        for piece in pieces[1:-1]:
            found = piece.search(text, at)
            if found is None:
                return False
            at = found.end()
        return at <= last and pieces[-1].match(text, last) is not None

    return matches


def _pieces(pattern: str) -> list[list[str]]:
    """Pieces between the ``%``, each a list of one expression per character."""
    pieces: list[list[str]] = [[]]
    characters = iter(pattern)
    for character in characters:
        if character == "%":
            pieces.append([])
        elif character == "_":
            pieces[-1].append(".")
        else:
            pieces[-1].append(re.escape(next(characters, "\\") if character == "\\" else character))
    return pieces
