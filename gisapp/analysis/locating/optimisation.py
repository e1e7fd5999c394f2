"""Mixed-integer models handed to HiGHS as sparse matrices: silent, one thread, one seed, a bound that is true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_ENDED = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
}


@dataclass(frozen=True, kw_only=True)
class Model:
    """Optimise ``objective @ v`` subject to ``row_lower <= matrix @ v <= row_upper`` and ``0 <= v <= upper``.

    ``lower`` may fix variables from below; ``integer`` marks those that must be whole.
    """

    objective: Floats
    lower: Floats
    upper: Floats
    integer: Bools
    matrix: Any
    row_lower: Floats
    row_upper: Floats
    maximise: bool


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the solver found: the values (None if it has none), the proven bound, and how it ended."""

    values: Floats | None
    bound: float
    status: str


def solve(
    model: Model,
    *,
    time_limit_s: float,
    node_limit: int | None = None,
    start: Floats | None = None,
    unit: float = 0.0,
) -> Answer:
    """Solve ``model`` exactly unless a limit stops it; ``status`` is optimal, feasible or infeasible.

    ``start`` is a feasible point to begin from. ``node_limit`` stops the search at the same place on every
    machine, ``time_limit_s`` (seconds, may be infinite) does not. ``unit`` is the least difference between the
    objectives of two unequal plans (0: unknown): once the bound is nearer than that, the plan is optimal.
    """
    if not len(model.objective):
        return _nothing_to_choose(model)
    solver = _silent_solver(time_limit_s, node_limit)
    scale = power_of_two(model.objective)
    solver.setOptionValue("mip_abs_gap", max(1e-9, 0.999 * unit / scale))
    solver.passModel(_as_highs(model, scale))
    if start is not None:
        first = highspy.HighsSolution()
        first.col_value = list(start)
        solver.setSolution(first)
    solver.run()
    return _answer(solver, model, scale)


def power_of_two(values: Floats) -> float:
    """Return the power of two next below the largest of ``values``: dividing by it changes no digit.

    The solver's tolerances are absolute; in these units they are small against every number that matters.
    """
    largest = float(np.max(np.abs(values), initial=0.0))
    return float(2.0 ** np.floor(np.log2(largest))) if 0 < largest < np.inf else 1.0


def _nothing_to_choose(model: Model) -> Answer:
    possible = bool((model.row_lower <= 0).all() and (model.row_upper >= 0).all())
    values = np.zeros(0) if possible else None
    return Answer(
        values=values, bound=0.0 if possible else float("nan"), status="optimal" if possible else "infeasible"
    )


def _silent_solver(time_limit_s: float, node_limit: int | None) -> Any:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("mip_rel_gap", 0.0)
    if np.isfinite(time_limit_s):
        solver.setOptionValue("time_limit", float(time_limit_s))
    if node_limit is not None:
        solver.setOptionValue("mip_max_nodes", int(node_limit))
    return solver


def _as_highs(model: Model, scale: float) -> Any:
    matrix = sparse.csr_array(model.matrix)
    lp = highspy.HighsLp()
    lp.num_col_ = len(model.objective)
    lp.num_row_ = matrix.shape[0]
    lp.col_cost_ = model.objective / scale
    lp.col_lower_ = model.lower
    lp.col_upper_ = model.upper
    lp.row_lower_ = model.row_lower
    lp.row_upper_ = model.row_upper
    lp.sense_ = highspy.ObjSense.kMaximize if model.maximise else highspy.ObjSense.kMinimize
    lp.integrality_ = [highspy.HighsVarType.kInteger if i else highspy.HighsVarType.kContinuous for i in model.integer]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data.astype(np.float64)
    return lp


def _answer(solver: Any, model: Model, scale: float) -> Answer:
    status = _ENDED.get(solver.getModelStatus(), "feasible")
    info = solver.getInfo()
    if status == "infeasible":
        return Answer(values=None, bound=float("nan"), status=status)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.asarray(solver.getSolution().col_value, dtype=float) if found else None
    bound = info.mip_dual_bound if model.integer.any() else info.objective_function_value
    return Answer(values=values, bound=float(bound) * scale, status=status)
