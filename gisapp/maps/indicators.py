"""Which columns of ``areas`` a map can be coloured by, in which order, with title, unit and what the figure is."""

from __future__ import annotations

from dataclasses import dataclass

from gisapp.columns import DEPRIVATIONS, SERVICES, columns_of

_FIRST = (
    "headcount_ratio",
    "poor_families",
    "headcount_smoothed",
    "density",
    "families",
    "coverage",
    "adjusted_headcount",
    "share_unknown",
)
_LAST = ("gi_star_z",)


@dataclass(frozen=True, kw_only=True)
class MappedIndicator:
    """One indicator that a choropleth can show."""

    name: str
    column: str
    unit: str
    title_id: str
    title_en: str
    note_id: str = ""
    note_en: str = ""

    def title(self, lang: str) -> str:
        """Title in the language."""
        return self.title_id if lang == "id" else self.title_en

    def note(self, lang: str) -> str:
        """What the figure is and is not, in the language."""
        return self.note_id if lang == "id" else self.note_en


_STRAIGHT = ("Jarak garis lurus, bukan waktu tempuh.", "Straight-line distance, not travel time.")


def mapped_indicators() -> tuple[MappedIndicator, ...]:
    """Every indicator, those of families first."""
    known = columns_of("areas")
    deprivations = [f"deprived_share_{name}" for name in DEPRIVATIONS]
    distances = [f"distance_m_{name}" for name in SERVICES]
    result = []
    for name in (*_FIRST, *deprivations, *distances, *_LAST):
        column = known[name]
        note = _STRAIGHT if column.unit == "m" else ("", "")
        result.append(
            MappedIndicator(
                name=name, column=name, unit=column.unit, title_id=column.id, title_en=column.en,
                note_id=note[0], note_en=note[1],
            )
        )  # fmt: skip
    return tuple(result)
