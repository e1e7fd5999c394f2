"""Where to send enumerators first: registered families against the families that live there."""

from __future__ import annotations

import pandas as pd

from gisapp.access.actors import LOCAL, Actor
from gisapp.access.permissions import require
from gisapp.analysis.codes import digits
from gisapp.errors import WorkspaceError
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from gisapp.workspace import layers
from gisapp.workspace.folder import Workspace


def where_to_look_first(ws: Workspace, actor: Actor = LOCAL) -> pd.DataFrame:
    """Per desa: code, name, registered, population_families, year, source, ratio, order.

    ``ratio`` is registered families over the families of the population table, with its year and source; the lowest
    comes first (``order`` 1), of equal ones the code. A desa without a population figure has no ratio and no order and
    stands last: nobody knows whether families are missing there. A low ratio says where nobody has registered much, not
    that families there are poor.
    """
    require(actor, "updates.view")
    desa = layers.read_boundary(ws, "desa")
    if desa is None:
        raise WorkspaceError("There is no desa boundary.", "Belum ada batas desa.", code="no_boundary")
    frame = pd.DataFrame({"code": desa["code"].astype(str), "name": desa["name"].astype(str)})
    frame["registered"] = frame["code"].map(_registered(ws)).fillna(0).astype("int64")
    frame = frame.join(_population(ws), on=frame["code"].map(digits))
    frame["ratio"] = frame["registered"] / frame["population_families"].replace(0, pd.NA)
    frame["ratio"] = frame["ratio"].astype("Float64")
    frame = frame.drop(columns="key_0", errors="ignore")
    frame = frame.sort_values(["ratio", "code"], na_position="last", ignore_index=True)
    known = frame["ratio"].notna()
    frame["order"] = pd.Series(range(1, len(frame) + 1), dtype="Int64").where(known)
    return frame


def _registered(ws: Workspace) -> pd.Series:
    newest = latest_snapshot(ws)
    if newest is None:
        return pd.Series(dtype="int64")
    return read_snapshot(newest)["code"].value_counts()


def _population(ws: Workspace) -> pd.DataFrame:
    """Families, year and source of the newest population figure by the digits of a desa's code."""
    table = layers.read_population(ws)
    if table is None:
        return pd.DataFrame(
            {"population_families": pd.Series(dtype="Float64"), "year": pd.Series(dtype="Int64"),
             "source": pd.Series(dtype="str")}
        )  # fmt: skip
    table = table.assign(key=[digits(code) for code in table["code"]]).sort_values(["key", "year"])
    newest = table.drop_duplicates("key", keep="last").set_index("key")
    families = newest["families"].astype("Float64")
    return pd.DataFrame({"population_families": families, "year": newest["year"], "source": newest["source"]})
