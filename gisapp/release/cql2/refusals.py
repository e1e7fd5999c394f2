"""What is said about a filter that cannot be answered."""

from __future__ import annotations

from gisapp.errors import InvalidParameterError


def refused(en: str, id: str) -> InvalidParameterError:
    """An error of the parameter ``filter``, answered by 400."""
    return InvalidParameterError(f"filter: {en}", f"filter: {id}", code="filter")
