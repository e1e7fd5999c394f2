"""Who acts: a user with one role, the person at this machine, or a stranger."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from gisapp.analysis.codes import digits


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody who asks for something. ``area`` binds village operators, verifiers and camat to their places."""

    name: str
    role: str
    area: str | None = None

    def covers(self, code: str) -> bool:
        """Whether an area lies in this actor's: everywhere for one who is bound to none."""
        return self.area is None or digits(code).startswith(digits(self.area))


#: The person who runs a command on this machine and may read every file of the workspace anyway.
LOCAL = Actor(name="local", role="admin")
#: Anybody who has not said who they are.
STRANGER = Actor(name="stranger", role="public")


def name_key(name: str) -> str:
    """A user's name as names are compared: without case, width and doubled blanks.

    >>> name_key("\uff22udi  Contoh")
    'budi contoh'
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:120]
