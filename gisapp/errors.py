"""The error tree, and the problems that a reader or a check reports without stopping.

Every error carries its sentence twice, in Indonesian and in English, and a stable code. The sentence says
what is wrong, where (file, row, column, value) and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]


class GisappError(Exception):
    """Base of every error this service raises on purpose."""

    code = "error"

    def __init__(self, en: str, id: str | None = None, *, code: str | None = None) -> None:
        self.en = en
        self.id = id if id is not None else en
        if code is not None:
            self.code = code
        super().__init__(self.en if self.id == self.en else f"{self.id}\n{self.en}")


class InvalidInputError(GisappError, ValueError):
    """Values handed to a calculation are outside what it can answer for."""

    code = "invalid_input"


class CRSMismatchError(InvalidInputError):
    """Two layers that must share a coordinate reference system do not."""

    code = "crs_mismatch"


class InvalidParameterError(GisappError, ValueError):
    """A parameter of a request or a setting is outside its documented range."""

    code = "invalid_parameter"


class ConfigurationError(GisappError, ValueError):
    """A TOML file has an unknown, missing or wrong key."""

    code = "configuration"


class FileRefusedError(GisappError, ValueError):
    """A file brought from outside is not what it says, is damaged, or is not safe to open."""

    code = "file_refused"


class NotFoundError(GisappError, LookupError):
    """The named thing does not exist in this workspace."""

    code = "not_found"


class WorkspaceError(GisappError):
    """The workspace is missing, incomplete, locked or damaged."""

    code = "workspace"


class RegistryError(GisappError, ValueError):
    """A household registry cannot be taken in as it stands."""

    code = "registry"


class QueueFullError(GisappError, RuntimeError):
    """Somebody has more work waiting or running than one person may have."""

    code = "queue_full"


class PermissionRefusedError(GisappError, PermissionError):
    """The caller's role, or the rules on disclosure, do not allow this."""

    code = "not_allowed"


#: How many rows, codes or files a message names before it says that there are more.
SHOWN = 5


def some(names: Iterable[str]) -> str:
    """The first names of a list, for a message.

    >>> some("abc"), some("abcdefg")
    ('a, b, c', 'a, b, c, d, e, …')
    """
    listed = [str(name) for name in names]
    return ", ".join(listed[:SHOWN]) + (", …" if len(listed) > SHOWN else "")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One kind of problem found in a layer or a file, with how often it occurs and what to do."""

    code: str
    severity: Severity
    count: int
    detail: str
    detail_id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the problem as JSON-ready values."""
        return asdict(self)
