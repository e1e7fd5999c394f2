"""Area codes as text: the bare digits, the code of the containing area, and the system that a code is written in.

Kemendagri writes 2-2-2-4 digits (12.05.01.2001), BPS 2-2-3-3 (1213010001); both have ten digits for a desa.
Source: Permendagri 137/2017 and the BPS master file of areas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from gisapp.errors import InvalidInputError

#: Number of digits of a code by system and level.
DIGITS = {
    "kemendagri": {"provinsi": 2, "kabupaten": 4, "kecamatan": 6, "desa": 10},
    "bps": {"provinsi": 2, "kabupaten": 4, "kecamatan": 7, "desa": 10},
}
_PARENT = {"desa": "kecamatan", "kecamatan": "kabupaten", "kabupaten": "provinsi"}
#: Share of codes below which they are single mistakes.
FEW = 0.05
_DOTTED_BPS = re.compile(r"\d{2}\.\d{2}\.\d{3}\.\d{3}")
_NOT_DIGITS = re.compile(r"\D")


def digits(code: str) -> str:
    """Return the code without dots, spaces and every other sign that is not a digit.

    >>> digits("12.05.01.2001")
    '1205012001'
    """
    return _NOT_DIGITS.sub("", code)


def parent_code(code: str, level: str, code_system: str) -> str | None:
    """Code of the area that contains ``code``, or None where the code does not tell.

    Parameters
    ----------
    code : the code of an area of ``level``, dotted or not.
    level : "desa", "kecamatan" or "kabupaten".
    code_system : "kemendagri" or "bps". A dotted code is cut at its last dot, whatever the system.

    >>> parent_code("12.05.01.2001", "desa", "kemendagri"), parent_code("1213010001", "desa", "bps")
    ('12.05.01', '1213010')
    """
    if level not in _PARENT or code_system not in DIGITS:
        raise InvalidInputError(f"No parent is defined for level {level!r} in code system {code_system!r}.")
    lengths = DIGITS[code_system]
    bare = digits(code)
    if len(bare) != lengths[level]:
        return None
    if "." in code:
        return code.strip().rpartition(".")[0]
    return bare[: lengths[_PARENT[level]]]


def kabupaten_of(codes: Iterable[str]) -> str | None:
    """Four-digit code of the kabupaten that all codes share, dotted where they are dotted; None where they differ.

    >>> kabupaten_of(["12.05.01.2001", "12.05.02.2003"])
    '12.05'
    """
    found = set()
    dotted = False
    for code in codes:
        found.add(digits(code)[:4])
        dotted = dotted or "." in code
    if len(found) != 1 or len(only := found.pop()) != 4:
        return None
    return f"{only[:2]}.{only[2:]}" if dotted else only


def guess_system(codes: Iterable[str]) -> str | None:
    """Name the system of desa codes by their form: "kemendagri", "bps", or None where the form does not tell.

    Dots tell by where they stand. Without dots, a Kemendagri desa code has 1 (kelurahan), 2 (desa) or 3 (desa adat) as
    its seventh digit and almost always 0 as its eighth; a BPS code has the third digit of the kecamatan there, which is
    often 0, and then the desa's own digits. A few codes that begin their last part with 0 (below ``FEW``) are wrong
    Kemendagri codes and make no BPS layer of the rest.

    >>> guess_system(["1205012001"]), guess_system(["1213010001", "1213011002"])
    ('kemendagri', 'bps')
    """
    bare = []
    for code in codes:
        if "." in code:
            return "bps" if _DOTTED_BPS.fullmatch(code.strip()) else "kemendagri"
        bare.append(digits(code))
    if not bare or any(len(code) != 10 for code in bare):
        return None
    zeros = sum(code[6] == "0" for code in bare) / len(bare)
    kinds = sum(code[6] in "123" and code[7] == "0" for code in bare) / len(bare)
    if zeros < FEW:
        return "kemendagri" if kinds >= 1 - 2 * FEW else None
    return "bps"
