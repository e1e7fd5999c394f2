"""What somebody wants to try, as it stands in the address: whole numbers, so that an address can be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gisapp.columns import DEPRIVATIONS
from gisapp.errors import InvalidParameterError
from gisapp.targeting.trial import Trial, weights_from

#: Relative importances are whole numbers up to this: fine enough to think with, and too coarse to sift families by.
MOST_IMPORTANT = 10
_KNOWN = {"deciles", "cutoff", "level", "methods", "lang", *(f"w_{name}" for name in DEPRIVATIONS)}


def asked_for(address: Mapping[str, str], usual: Trial) -> Trial:
    """Thresholds of an address; what it does not name, or names as the run has it, is exactly the run's.

    ``deciles=1,2``, ``cutoff`` and ``level`` in percent, ``methods``, and ``w_<deprivation>`` from 0 to 10.
    Raises InvalidParameterError with the sentence that the page shows.
    """
    unknown = sorted(set(address) - _KNOWN)
    if unknown:
        names = ", ".join(unknown)[:80]
        raise InvalidParameterError(f"Unknown: {names}.", f"Tidak dikenal: {names}.")
    return replace(
        usual,
        poor_deciles=_deciles(address.get("deciles"), usual),
        deprivation_weights=_weights(address, usual),
        deprivation_cutoff=_percent(address, "cutoff", usual.deprivation_cutoff),
        significance_level=_percent(address, "level", usual.significance_level),
        min_methods=_whole(address["methods"], "methods", 99) if "methods" in address else usual.min_methods,
    )


def importances(trial: Trial) -> dict[str, int]:
    """Whole numbers up to ``MOST_IMPORTANT`` that stand to each other as the weights do, as nearly as they can."""
    weights = trial.weights
    largest = max(weights.values())
    exact = next(
        (n for n in range(1, MOST_IMPORTANT + 1) if all(_near(n * each / largest) for each in weights.values())),
        MOST_IMPORTANT,
    )
    return {name: round(exact * weights[name] / largest) for name in DEPRIVATIONS}


def address_of(trial: Trial, usual: Trial) -> dict[str, str]:
    """The address of a trial: only what differs from the run."""
    found: dict[str, str] = {}
    if trial.poor_deciles != usual.poor_deciles:
        found["deciles"] = ",".join(map(str, trial.poor_deciles))
    for name, now, then in (
        ("cutoff", usual.deprivation_cutoff, trial.deprivation_cutoff),
        ("level", usual.significance_level, trial.significance_level),
    ):
        if now != then:
            found[name] = str(round(100 * then))
    if trial.min_methods != usual.min_methods:
        found["methods"] = str(trial.min_methods)
    if trial.weights != usual.weights:
        found |= {f"w_{name}": str(value) for name, value in importances(trial).items()}
    return found


def _near(value: float) -> bool:
    return abs(value - round(value)) < 1e-6


def _whole(text: str, name: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= most):
        raise InvalidParameterError(
            f"{name} is a whole number from 0 to {most}.", f"{name} adalah bilangan bulat 0 sampai {most}."
        )
    return int(text)


def _deciles(text: str | None, usual: Trial) -> tuple[int, ...]:
    if text is None:
        return usual.poor_deciles
    return tuple(sorted(_whole(part, "deciles", 10) for part in text.split(",")))


def _percent(address: Mapping[str, str], name: str, usual: float) -> float:
    if name not in address:
        return usual
    asked = _whole(address[name], name, 100)
    return usual if asked == round(100 * usual) else asked / 100


def _weights(address: Mapping[str, str], usual: Trial) -> tuple[tuple[str, float], ...]:
    here = importances(usual)
    asked = {
        name: _whole(address.get(f"w_{name}", str(here[name])), f"w_{name}", MOST_IMPORTANT) for name in DEPRIVATIONS
    }
    return usual.deprivation_weights if asked == here else weights_from(asked)
