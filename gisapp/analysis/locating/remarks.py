"""What a siting question makes impossible, counted and said in two languages; nothing here stops the answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gisapp.analysis.locating.plan import Floats, Ints
from gisapp.errors import Problem, some


def no_candidates() -> Problem:
    """No column may be opened."""
    return Problem(
        code="no_candidates",
        severity="warning",
        count=0,
        detail="no candidate may be opened: all are standing, excluded or too close to a standing site, or none given.",
        detail_id="tidak ada calon lokasi yang boleh dibuka: semuanya sudah berdiri, dikecualikan atau terlalu dekat "
        "dengan lokasi yang ada, atau tidak ada yang diberikan.",
    )


def no_demand(rows: int) -> Problem:
    """No row asks for anything."""
    return Problem(
        code="no_demand",
        severity="warning",
        count=rows,
        detail=f"none of the {rows} rows has demand: nothing is proposed.",
        detail_id=f"tidak satu pun dari {rows} baris memiliki permintaan: tidak ada yang diusulkan.",
    )


def unreachable(rows: Ints, demand: Floats) -> Problem:
    """Rows with demand that no column reaches."""
    total, names = demand[rows].sum(), some([str(row) for row in rows])
    return Problem(
        code="unreachable",
        severity="warning",
        count=len(rows),
        detail=f"{len(rows)} rows with a demand of {total:g} are reached by no candidate or standing site ({names}).",
        detail_id=f"{len(rows)} baris dengan permintaan {total:g} tidak terjangkau calon atau lokasi mana pun "
        f"({names}).",
    )


def duplicate_sites(count: int) -> Problem:
    """Columns that serve exactly the rows of an earlier one at no lower cost."""
    return Problem(
        code="duplicate_sites",
        severity="info",
        count=count,
        detail=f"{count} candidates serve exactly what an earlier one serves, at no lower cost: only that one counts.",
        detail_id=f"{count} calon lokasi melayani persis yang dilayani calon sebelumnya dengan biaya tidak lebih "
        "rendah: hanya yang pertama dihitung.",
    )


def too_close(count: int) -> Problem:
    """Candidates that may not stand beside an existing site."""
    return Problem(
        code="too_close_to_existing",
        severity="info",
        count=count,
        detail=f"{count} candidates are too close to a standing site and were left out.",
        detail_id=f"{count} calon lokasi terlalu dekat dengan lokasi yang sudah ada dan ditinggalkan.",
    )


def budget_too_small(budget: float, cheapest: float) -> Problem:
    """The budget does not pay for any column that would reach somebody."""
    return Problem(
        code="budget_too_small",
        severity="warning",
        count=1,
        detail=f"a budget of {budget:,.0f} pays for no site: the cheapest one that reaches anybody costs "
        f"{cheapest:,.0f}.",
        detail_id=f"anggaran {budget:,.0f} tidak cukup untuk satu lokasi pun: yang termurah dan menjangkau keluarga "
        f"berbiaya {cheapest:,.0f}.",
    )


def groups_beyond_reach(names: Sequence[str], shares: Floats) -> Problem:
    """Groups whose least share no choice of columns could reach."""
    listed = some([f"{name}: {share:.3f}" for name, share in zip(names, shares, strict=True)])
    return Problem(
        code="groups_beyond_reach",
        severity="error",
        count=len(names),
        detail=f"{len(names)} groups cannot reach their least share with every candidate open (greatest: {listed}).",
        detail_id=f"{len(names)} kelompok tidak dapat mencapai bagian minimumnya walau semua calon dibuka "
        f"(terbesar: {listed}).",
    )


def needs_more(what: str, least: float | None) -> Problem:
    """What the cheapest plan that keeps every condition would take (None: no plan keeps them)."""
    words = {"sites": ("sites", "lokasi"), "budget": ("cost", "biaya")}[what]
    if least is None or not np.isfinite(least):
        en, id = "no choice of candidates keeps all conditions", "tidak ada pilihan calon yang memenuhi semua syarat"
    else:
        en = f"the conditions cannot be kept within these limits: they need {words[0]} of at least {least:,.0f}"
        id = f"syarat tidak dapat dipenuhi dalam batas ini: perlu {words[1]} paling sedikit {least:,.0f}"
    return Problem(code="infeasible", severity="error", count=1, detail=f"{en}.", detail_id=f"{id}.")
