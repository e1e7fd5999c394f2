"""Columns of a household snapshot."""

from __future__ import annotations

from gisapp.columns.names import DEPRIVATIONS

#: Canonical columns of a household snapshot: one row is a family. No name, NIK, No. KK or address text.
SNAPSHOT = {
    "family_id": "text: position in the intake, stable for the same file; does not depend on any key",
    "code": "text: desa code exactly as the boundary layer writes it",
    "longitude": "number, degrees east, exact; null unless coordinate_status is ok",
    "latitude": "number, degrees north, exact; null unless coordinate_status is ok",
    "coordinate_status": "text: ok, missing, zero, swapped, outside, stacked (only ok enters point methods)",
    "persons": "integer >= 1",
    "decile": "integer 1..10, national and relative; null where the source has none",
    "children_7_12": "integer: children of primary school age; null where unknown",
    "children_13_15": "integer: children of junior school age; null where unknown",
    "children_0_5": "integer: children under six; null where unknown",
    **{name: f"nullable boolean: {en}" for name, (_, en) in DEPRIVATIONS.items()},
    "receives_pkh": "nullable boolean: receives PKH",
    "receives_bpnt": "nullable boolean: receives BPNT/Sembako",
    "receives_pbi": "nullable boolean: health insurance paid by the state",
    "expenditure_idr": "number > 0: expenditure per person and month, Rp, measured by a survey; null where unknown",
}

#: Columns of a snapshot that only some sources bring: a file without any value of them is written as it always was.
OPTIONAL_SNAPSHOT = ("expenditure_idr",)
