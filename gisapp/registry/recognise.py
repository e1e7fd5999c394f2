"""What a brought table is: its form, its headings, and which heading is which variable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gisapp.errors import RegistryError
from gisapp.registry.forms import AREA_NAMES, CODE_PARTS, Form, choose_form, require_fit
from gisapp.registry.quarantine import REASONS_COLUMN


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """A form, the file's own headings, and the source column of each variable that the file has."""

    form: Form
    header: list[str]
    columns: dict[str, str]

    @property
    def missing(self) -> list[str]:
        """Variables without which nothing can be taken in."""
        return required_missing(self.form, self.columns)


def recognise(file: Path, headings: Iterable[object], *, form: str | None, mapping: Path | None) -> Recognised:
    """Tell form and columns from the headings; RegistryError where no form fits, or the named one does not."""
    header = [str(column) for column in headings if column != REASONS_COLUMN]
    chosen = choose_form(tuple(header), form=form, mapping=mapping)
    if form is not None and mapping is None:
        require_fit(str(file), chosen, header)
    return Recognised(form=chosen, header=header, columns=chosen.recognise(header))


def required_missing(form: Form, columns: dict[str, str]) -> list[str]:
    """Required variables that no column is: the desa code, and persons or (a row per person) the KK number."""
    missing = [] if "code" in columns or all(part in columns for part in CODE_PARTS) else ["code"]
    return missing + [
        name for name in (["family_number"] if form.unit == "person" else ["persons"]) if name not in columns
    ]


def require_columns(file: Path, seen: Recognised) -> None:
    """RegistryError (code ``column_missing``) that names what is missing and what it may be called."""
    missing = seen.missing
    if not missing:
        return
    form = seen.form
    wanted = "; ".join(f"{name}: {', '.join(form.columns.get(name, ())) or '-'}" for name in missing)
    en = f"{file}: as form {form.name}, these columns are missing ({wanted}). Rename the columns or bring --mapping."
    id = f"{file}: sebagai formulir {form.name}, kolom ini tidak ada ({wanted}). Ganti nama kolom atau pakai --mapping."
    if "code" in missing and any(name in seen.columns for name in AREA_NAMES):
        en += " Names of desa are not enough: different desa share one name. Add the desa code to every row."
        id += " Nama desa tidak cukup: ada desa bernama sama. Tambahkan kode desa pada setiap baris."
    raise RegistryError(en, id, code="column_missing")


def require_deciles(file: Path, form: Form, header: list[str], families: pd.DataFrame) -> None:
    """Refuse families of whom not one has a decile: a run would answer "no priority area", which nobody measured."""
    if families.empty or families["decile"].notna().any():
        return
    names = form.columns.get("decile", ()) + form.columns.get("percentile", ())
    wanted, present = ", ".join(names) or "-", ", ".join(header[:40])
    raise RegistryError(
        f"{file}: not one of the {len(families)} accepted families has a usable decile (form {form.name}: "
        f"{wanted}). Columns of the file: {present}. Choose another --form, or name the column in a --mapping. "
        "Nothing was stored.",
        f"{file}: tidak satu pun dari {len(families)} keluarga yang diterima punya desil yang terbaca (formulir "
        f"{form.name}: {wanted}). Kolom berkas: {present}. Pilih --form lain, atau sebutkan kolomnya dalam "
        "--mapping. Tidak ada yang disimpan.",
        code="decile_missing",
    )
