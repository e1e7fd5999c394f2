"""Families outside all pockets: a figure that must not give a withheld pocket back."""

from __future__ import annotations

from typing import Any

from gisapp.release.collections import AUDIENCES, disclosed
from gisapp.release.facts import RunData, outside_shares
from gisapp.release.published import Publication


def outside_figures(workspace: Any, run: RunData, publication: Publication | None = None) -> dict[str, Any]:
    """Counts and shares as ``facts.outside_shares``; all None where a pocket is withheld from anybody.

    Everybody less those outside is the sum of all pockets: with the shown ones it would give a withheld one back.
    """
    figures = outside_shares(run)
    if any(disclosed(workspace, run, "pockets", audience=one, publication=publication).suppressed for one in AUDIENCES):
        return dict.fromkeys(figures)
    return figures
