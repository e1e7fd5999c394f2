"""Tables of estimates of a workspace: what a survey found directly, and how many families are expected."""

from __future__ import annotations

import pandas as pd

from gisapp.analysis.codes import digits
from gisapp.workspace.folder import Workspace
from gisapp.workspace.layers import read_table

EXPECTED = ("key", "concept", "families", "lower", "upper", "standard_error", "year", "source")
DIRECT = ("key", "concept", "estimate", "standard_error", "year", "source")


def read_expected(workspace: Workspace) -> pd.DataFrame | None:
    """Expected families per area and concept, of each the newest year: the columns of ``EXPECTED``; None without any.

    ``key`` is the code's bare digits; ``lower``, ``upper`` and ``standard_error`` are NaN where the table gives none.
    Of several tables with the same year the one whose name comes last is taken.
    """
    return _newest(read_table(workspace, "expected_families"), EXPECTED)


def read_direct(workspace: Workspace) -> pd.DataFrame | None:
    """Direct survey estimates per area and concept, of each the newest year: the columns of ``DIRECT``; None without.

    ``estimate`` and ``standard_error`` are ratios 0..1; the error is NaN where the table leaves it blank.
    """
    return _newest(read_table(workspace, "direct_estimates"), DIRECT)


def _newest(tables: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame | None:
    filled = [table for table in tables if len(table)]
    if not filled:
        return None
    merged = pd.concat(filled, ignore_index=True)
    merged = merged.assign(key=[digits(code) for code in merged["code"]]).sort_values("year", kind="stable")
    newest = merged.drop_duplicates(["key", "concept"], keep="last").sort_values(["key", "concept"], ignore_index=True)
    return newest.reindex(columns=list(columns))
