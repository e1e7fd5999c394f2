"""Which paths programs read."""

from __future__ import annotations


def wants_json(path: str) -> bool:
    """Whether programs read this path."""
    return path.startswith(("/api/", "/data/", "/healthz"))
