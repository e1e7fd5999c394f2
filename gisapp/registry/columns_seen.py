"""The columns of a file as a preview shows them: what each becomes, and what to know about it."""

from __future__ import annotations

from dataclasses import dataclass

from gisapp.registry.deprivations import code_list
from gisapp.registry.forms import CODED, DIFFICULTIES
from gisapp.registry.masking import mask_heading
from gisapp.registry.recognise import Recognised
from gisapp.registry.rules import YES_NO
from gisapp.registry.variables import Treatment, load_variables

_NOTES = {
    "unlisted": (
        "Arti kode jawaban formulir ini belum diketahui: jawabannya menjadi “tidak diketahui” sampai pemetaan "
        "menyebutkannya.",
        'What the answer codes of this form mean is not known: answers become "unknown" until a mapping says it.',
    ),
    "unused": ("Dikenal, tetapi belum dipakai.", "Recognised, but not used yet."),
    "encrypted": (
        "Disimpan terenkripsi, terpisah dari potret; analisis tidak pernah melihatnya.",
        "Stored encrypted, apart from the snapshot; the analysis never sees it.",
    ),
    "checked": (
        "Dibandingkan dengan nama pada batas wilayah, lalu tidak disimpan.",
        "Compared with the boundary's name, then not stored.",
    ),
    "unmapped": ("Kolom ini tidak dibaca.", "This column is not read."),
    "": ("", ""),
}


@dataclass(frozen=True, kw_only=True)
class PreviewColumn:
    """One column of the file: the variable it is (None: not read), and what an intake does with it."""

    source: str
    variable: str | None
    title_id: str
    title_en: str
    treatment: Treatment
    note_id: str
    note_en: str


def columns_seen(known: Recognised) -> tuple[PreviewColumn, ...]:
    """Every column of the file in its order."""
    by_source = {source: variable for variable, source in known.columns.items()}
    return tuple(_column(known, source, by_source.get(source)) for source in known.header)


def headings_only(header: list[str]) -> tuple[PreviewColumn, ...]:
    """Columns of a file whose form is not known; where the first row may be data, headings are masked."""
    masked = [mask_heading(source) for source in header]
    shown = masked if masked == header else [f"column_{at}" for at in range(1, len(header) + 1)]
    return tuple(_unread(source) for source in shown)


def _column(known: Recognised, source: str, variable: str | None) -> PreviewColumn:
    if variable is None:
        return _unread(source)
    about = load_variables()[variable]
    id, en = _NOTES[_note(known, variable)]
    return PreviewColumn(
        source=source, variable=variable, title_id=about.id, title_en=about.en, treatment=about.treatment,
        note_id=id, note_en=en,
    )  # fmt: skip


def _note(known: Recognised, variable: str) -> str:
    treatment = load_variables()[variable].treatment
    if treatment == "ignored":
        return "unused"
    coded = variable in (*CODED, *YES_NO, *DIFFICULTIES)
    if coded and not code_list(known.form, variable):
        return "unlisted"
    return treatment if treatment in _NOTES else ""


def _unread(source: str) -> PreviewColumn:
    id, en = _NOTES["unmapped"]
    return PreviewColumn(
        source=mask_heading(source), variable=None, title_id="", title_en="", treatment="ignored",
        note_id=id, note_en=en,
    )  # fmt: skip
