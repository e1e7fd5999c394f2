"""The thresholds of one trial: checked before anything is counted, and written as gisapp.toml writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gisapp.columns import DEPRIVATIONS
from gisapp.errors import InvalidParameterError
from gisapp.workspace.settings import WorkspaceSettings
from gisapp.workspace.thresholds import THRESHOLDS

_RULES = MappingProxyType({threshold.name: threshold for threshold in THRESHOLDS})
#: Levels that can be tried: 2 n ÷ level maps are drawn, and a hundredth is answered within a second.
LEVELS = (0.01, 0.2)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Thresholds that an answer is wanted for; InvalidParameterError for one that gisapp.toml would refuse.

    ``deprivation_weights``: pairs of deprivation and weight in the order of the settings, summing to 1.
    ``share_cut`` (0..1) and ``count_cut`` (families): lines of the quadrants, None for the district's own.
    """

    poor_deciles: tuple[int, ...]
    deprivation_weights: tuple[tuple[str, float], ...]
    deprivation_cutoff: float
    significance_level: float
    min_methods: int
    share_cut: float | None = None
    count_cut: float | None = None

    def __post_init__(self) -> None:
        for name in ("poor_deciles", "deprivation_cutoff", "significance_level", "min_methods"):
            _require(name, getattr(self, name))
        _require("deprivation_weights", self.weights)
        if not LEVELS[0] <= self.significance_level <= LEVELS[1]:
            low, high = LEVELS
            raise InvalidParameterError(
                f"A level from {low:g} to {high:g} can be tried here.",
                f"Tingkat yang dapat dicoba di sini: {low:g} sampai {high:g}.",
            )
        for cut in (self.share_cut, self.count_cut):
            if cut is not None and not 0 <= cut < float("inf"):
                raise InvalidParameterError("A cut line is 0 or more.", "Garis batas adalah 0 atau lebih.")

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each deprivation."""
        return dict(self.deprivation_weights)


def trial_of(settings: WorkspaceSettings) -> Trial:
    """The thresholds that the settings have now."""
    return Trial(
        poor_deciles=tuple(sorted(settings.poor_deciles)),
        deprivation_weights=tuple(settings.deprivation_weights.items()),
        deprivation_cutoff=settings.deprivation_cutoff,
        significance_level=settings.significance_level,
        min_methods=settings.min_methods,
    )


def settings_of(manifest: Mapping[str, Any], settings: WorkspaceSettings) -> WorkspaceSettings:
    """The settings that a run was made with; what its manifest does not name (a later threshold) as the default."""
    parameters = dict(manifest.get("parameters", {}))
    parameters.pop("budget_idr", None)
    given = {name: value for name, value in parameters.items() if name in WorkspaceSettings.__dataclass_fields__}
    known = {name: getattr(settings, name) for name in WorkspaceSettings.__dataclass_fields__}
    known |= {name: rule.default for name, rule in _RULES.items() if name not in given}
    known |= given
    for name, rule in _RULES.items():
        if rule.kind == "integers":
            known[name] = tuple(known[name])
    return WorkspaceSettings(**known)


def weights_from(importance: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Relative importances (0 or more, not all 0) of every deprivation as weights that sum to 1."""
    total = float(sum(importance.values()))
    if set(importance) != set(DEPRIVATIONS) or min(importance.values()) < 0 or not 0 < total < float("inf"):
        raise InvalidParameterError(
            f"Give an importance of 0 or more for each of {', '.join(DEPRIVATIONS)}, and not 0 for all.",
            f"Berikan kepentingan 0 atau lebih untuk {', '.join(DEPRIVATIONS)}, dan jangan 0 semua.",
        )
    return tuple((name, importance[name] / total) for name in DEPRIVATIONS)


def toml_of(trial: Trial, settings: WorkspaceSettings) -> str:
    """Tables of gisapp.toml that make a trial permanent: those that differ from the settings, ready to paste."""
    tables = []
    for name in ("poor_deciles", "deprivation_cutoff", "significance_level", "min_methods"):
        value = getattr(trial, name)
        if value != getattr(settings, name):
            shown = list(value) if isinstance(value, tuple) else value
            tables.append(f"[thresholds.{name}]\nvalue = {shown!r}")
    if trial.weights != settings.deprivation_weights:
        lines = [f"{name} = {weight!r}" for name, weight in trial.deprivation_weights]
        tables.append("\n".join(["[thresholds.deprivation_weights.value]", *lines]))
    return "\n\n".join(tables) + ("\n" if tables else "")


def _require(name: str, value: Any) -> None:
    rule = _RULES[name]
    if not rule.allowed(value):
        raise InvalidParameterError(f"{name} must be {rule.rule_en}.", f"{name} harus {rule.rule_id}.")
