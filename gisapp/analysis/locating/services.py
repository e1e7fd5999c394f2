"""Several services under one budget: each column is a kind of site at a place, each family counts once per service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from gisapp.analysis.checks import as_number
from gisapp.analysis.locating.inputs import as_table, checked_covers, checked_demand
from gisapp.analysis.locating.plan import Floats, SitingPlan, touched
from gisapp.analysis.siting import maximal_coverage
from gisapp.errors import InvalidInputError, some


@dataclass(frozen=True, kw_only=True)
class ServicesPlan:
    """One plan for several services.

    ``plan`` counts what the question asked to maximise. ``services`` has one row per service: ``service``,
    ``families_lacking``, ``families_reached``, ``families_unreachable`` (by no allowed column), ``sites`` (new columns
    that reach one of its families). ``families_reached`` and ``families_lacking`` of the plan count each family once,
    however many services it lacks; ``cost`` is what the new columns cost.
    """

    plan: SitingPlan
    services: pd.DataFrame
    families_lacking: float
    families_reached: float
    cost: float


def several_services(
    families: Any,
    lacks: Mapping[str, Any],
    covers: Mapping[str, Any],
    *,
    cost: Any,
    budget: float | None = None,
    sites: int | None = None,
    count: Literal["needs", "families"] = "needs",
    importance: Mapping[str, float] | None = None,
    existing: Iterable[int] = (),
    excluded: Iterable[int] = (),
    conflicts: Any = (),
    time_limit_s: float = 60.0,
    node_limit: int | None = None,
) -> ServicesPlan:
    """Columns of any service that within one ``budget`` answer most lacks, or reach most families.

    Maximal coverage (Church & ReVelle 1974) over pairs of family and service, as the multi-service models of
    hierarchical covering (Moore & ReVelle 1982) count them.

    Parameters
    ----------
    families
        Weight of each of n rows: 1 for a family, or how many families the row stands for; 0 or more.
    lacks
        For each service n booleans: the row is deprived of that very service. A family without it is no demand.
    covers
        For each service (n, m) booleans over the same m columns (site and kind): the column would give the row this
        service. A column that serves no service's families is never opened; one may serve several.
    cost, budget, sites
        As in `siting.maximal_coverage`; the cost of each column in the units of the budget.
    count
        ``needs``: each family once per service that it is given. ``families``: each family once.
    importance
        Weight of each service where needs are counted, above 0; all 1 unless given. It is a judgement: say it.
    existing, excluded, conflicts, time_limit_s, node_limit
        As in `siting.maximal_coverage`; kinds that share one plot are ``conflicts``.

    Raises
    ------
    InvalidInputError
        No services, different services in ``lacks`` and ``covers``, a row or column that is wrong, by name.
    """
    weights = checked_demand(families)
    services = _services(lacks, covers)
    lacking = {name: _lacking(lacks[name], len(weights), name) for name in services}
    matrices = {name: checked_covers(covers[name], len(weights)) for name in services}
    _same_columns(matrices)
    stakes = _importance(importance, services)
    demand, matrix = _stacked(weights, lacking, matrices, stakes, count)
    plan = maximal_coverage(
        demand, matrix, sites=sites, budget=budget, cost=cost, existing=existing, excluded=excluded,
        conflicts=conflicts, time_limit_s=time_limit_s, node_limit=node_limit,
    )  # fmt: skip
    price = np.broadcast_to(np.asarray(cost, dtype=float), (matrix.shape[1],))
    return _answer(plan, weights, lacking, matrices, list(existing), list(excluded), price)


def _services(lacks: Mapping[str, Any], covers: Mapping[str, Any]) -> list[str]:
    if not isinstance(lacks, Mapping) or not isinstance(covers, Mapping):
        raise InvalidInputError(
            "lacks and covers must be mappings from a service to its values.",
            "lacks dan covers harus berupa pemetaan dari layanan ke nilainya.",
        )
    different = sorted(map(str, set(lacks) ^ set(covers)))
    if not lacks or different:
        named = some(different) if different else "-"
        raise InvalidInputError(
            f"lacks and covers must name the same services, at least one; in only one of them: {named}.",
            f"lacks dan covers harus menyebut layanan yang sama, sedikitnya satu; hanya di salah satunya: {named}.",
        )
    return list(lacks)


def _lacking(values: Any, rows: int, service: str) -> Any:
    given = as_table(values)
    if given.shape != (rows,) or not np.isin(given, (0, 1)).all():
        raise InvalidInputError(
            f"lacks of service {service} must be {rows} values of true or false.",
            f"lacks layanan {service} harus berisi {rows} nilai benar atau salah.",
        )
    return given.astype(bool)


def _same_columns(matrices: Mapping[str, Any]) -> None:
    widths = {name: matrix.shape[1] for name, matrix in matrices.items()}
    if len(set(widths.values())) > 1:
        listed = some([f"{name}: {width}" for name, width in widths.items()])
        raise InvalidInputError(
            f"covers must have the same columns for every service ({listed}).",
            f"covers harus memiliki kolom yang sama untuk setiap layanan ({listed}).",
        )


def _importance(importance: Mapping[str, float] | None, services: list[str]) -> dict[str, float]:
    if importance is not None and not isinstance(importance, Mapping):
        raise InvalidInputError(
            "importance must be a mapping from a service to a number.",
            "importance harus berupa pemetaan dari layanan ke angka.",
        )
    given = {str(name): as_number(value) for name, value in (importance or {}).items()}
    wrong = sorted(name for name, value in given.items() if name not in services or not 0 < value < np.inf)
    if wrong:
        raise InvalidInputError(
            f"importance of {some(wrong)}: name a service of lacks and give a number above 0.",
            f"importance untuk {some(wrong)}: sebut layanan yang ada di lacks dan isi angka di atas 0.",
        )
    return {name: given.get(name, 1.0) for name in services}


def _stacked(
    weights: Floats, lacking: Mapping[str, Any], matrices: Mapping[str, Any], stakes: Mapping[str, float], count: str
) -> tuple[Floats, Any]:
    """Return the rows of one coverage question: pairs of family and service, or families."""
    useful = {name: _only(matrices[name], lacking[name]) for name in matrices}
    if count == "needs":
        demand = [weights * lacking[name] * stakes[name] for name in matrices]
        return np.concatenate(demand), sparse.vstack(list(useful.values())).tocsr()
    if count != "families":
        raise InvalidInputError(
            f"count is {count!r}: give 'needs' or 'families'.",
            f"count bernilai {count!r}: isi 'needs' atau 'families'.",
        )
    anything = np.any(list(lacking.values()), axis=0)
    union = sum(matrix.astype(np.int32) for matrix in useful.values())
    return weights * anything, (union > 0).astype(np.int8)


def _only(matrix: Any, rows: Any) -> Any:
    """Return the matrix with the cells of other rows taken out."""
    left = sparse.csr_array(matrix.multiply(rows[:, None]), dtype=np.int8)
    left.eliminate_zeros()
    return left


def _answer(
    plan: SitingPlan,
    weights: Floats,
    lacking: Mapping[str, Any],
    matrices: Mapping[str, Any],
    existing: list[int],
    excluded: list[int],
    price: Floats,
) -> ServicesPlan:
    new = np.array(plan.selected, dtype=np.intp)
    standing = np.union1d(new, np.array(existing, dtype=np.intp))
    open_to = np.setdiff1d(np.arange(len(price)), np.array(excluded, dtype=np.intp))
    anyone, reached_any, rows = np.zeros(len(weights), dtype=bool), np.zeros(len(weights), dtype=bool), []
    for name, matrix in matrices.items():
        lack = lacking[name]
        reached = lack & touched(matrix, standing)
        rows.append(
            {
                "service": name,
                "families_lacking": float(weights[lack].sum()),
                "families_reached": float(weights[reached].sum()),
                "families_unreachable": float(weights[lack & ~touched(matrix, open_to)].sum()),
                "sites": int(sum(bool(_only(matrix, lack)[:, [column]].sum()) for column in new)),
            }
        )
        anyone |= lack
        reached_any |= reached
    return ServicesPlan(
        plan=plan,
        services=pd.DataFrame(rows),
        families_lacking=float(weights[anyone].sum()),
        families_reached=float(weights[reached_any].sum()),
        cost=float(price[new].sum()),
    )
