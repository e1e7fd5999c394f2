"""Code 39: bars that any scanner reads, for capital letters, digits and a dash."""

from __future__ import annotations

#: Nine elements per sign (bar, space, bar ...), w wide and n narrow: ISO/IEC 16388, table 1.
_SIGNS = {
    "0": "nnnwwnwnn", "1": "wnnwnnnnw", "2": "nnwwnnnnw", "3": "wnwwnnnnn", "4": "nnnwwnnnw", "5": "wnnwwnnnn",
    "6": "nnwwwnnnn", "7": "nnnwnnwnw", "8": "wnnwnnwnn", "9": "nnwwnnwnn", "A": "wnnnnwnnw", "B": "nnwnnwnnw",
    "C": "wnwnnwnnn", "D": "nnnnwwnnw", "E": "wnnnwwnnn", "F": "nnwnwwnnn", "G": "nnnnnwwnw", "H": "wnnnnwwnn",
    "I": "nnwnnwwnn", "J": "nnnnwwwnn", "K": "wnnnnnnww", "L": "nnwnnnnww", "M": "wnwnnnnwn", "N": "nnnnwnnww",
    "O": "wnnnwnnwn", "P": "nnwnwnnwn", "Q": "nnnnnnwww", "R": "wnnnnnwwn", "S": "nnwnnnwwn", "T": "nnnnwnwwn",
    "U": "wwnnnnnnw", "V": "nwwnnnnnw", "W": "wwwnnnnnn", "X": "nwnnwnnnw", "Y": "wwnnwnnnn", "Z": "nwwnwnnnn",
    "-": "nwnnnnwnw", "*": "nwnnwnwnn",
}  # fmt: skip
_WIDTHS = {"n": 1, "w": 3}


def code39(text: str) -> list[int]:
    """Widths of bars and spaces in turn, a bar first, with the start and stop signs; KeyError for another sign.

    >>> len(code39("A")), sum(code39("A"))
    (29, 47)
    """
    widths: list[int] = []
    for sign in f"*{text}*":
        widths += [_WIDTHS[element] for element in _SIGNS[sign]] + [1]
    return widths[:-1]
