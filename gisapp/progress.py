"""How long work tells the caller where it stands, without knowing whether a terminal or a page listens."""

from __future__ import annotations

from typing import Protocol


class Cancelled(Exception):
    """Raised by a Progress to stop the work; whoever does the work undoes it and stores nothing."""


class Progress(Protocol):
    """Called with the step's name (English, lower case), the units done, and the units in all.

    It may raise ``Cancelled``.
    """

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note that ``done`` of ``total`` units of a step are done."""


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""
