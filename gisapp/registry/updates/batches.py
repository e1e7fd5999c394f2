"""A CSV of registrations: one row is one update, its columns are ours first and then those of the form of origin."""

from __future__ import annotations

from pathlib import Path

from gisapp.errors import RegistryError
from gisapp.readers.table import read_text_table
from gisapp.registry.forms import DIFFICULTIES, Form, column_key
from gisapp.registry.updates.judging import DECILE, askable
from gisapp.registry.updates.model import IdentityInput, Proposal, RowRefused
from gisapp.registry.updates.states import KINDS

#: Our own columns: name -> headings that are understood. The first one is what `docs/mpm.md` shows.
COLUMNS = {
    "kind": ("jenis", "kind"),
    "area": ("kode_desa", "kode", "area"),
    "name": ("nama", "nama_kepala_keluarga", "name"),
    "nik": ("nik",),
    "family_number": ("no_kk", "nomor_kartu_keluarga"),
    "address": ("alamat", "address"),
    "birth_date": ("tanggal_lahir", "birth_date"),
    "reason": ("alasan", "keterangan", "reason"),
}
#: Words of a kind that offices write.
KIND_WORDS = {
    "baru": "new", "keluarga_baru": "new", "perubahan": "change", "ubah": "change", "pindah": "move",
    "keluar": "leave", "meninggal": "leave", "bubar": "leave", "sanggahan": "objection",
}  # fmt: skip
#: Heading of the column that says why a row was handed back; a corrected file may keep it.
REFUSED_COLUMN = "alasan_ditolak"
_NEEDED = ("kind", "area", "name")
#: Refusal of a registration -> heading of the cell that it is about.
CELLS = {
    "area_unknown": "kode_desa", "area_not_yours": "kode_desa", "identity_missing": "nama", "nik_damaged": "nik",
}  # fmt: skip


def read_batch(path: Path, form: Form) -> tuple[list[tuple[int, Proposal]], list[RowRefused]]:
    """Proposals with the row of the file that each stands in, and the rows that are none; RegistryError for columns."""
    frame = read_text_table(path)
    own, answers = _columns(path, [str(name) for name in frame.columns], form)
    bad = set(frame.attrs.get("ragged", [])) | {row for row, _ in frame.attrs.get("formula_cells", [])}
    good: list[tuple[int, Proposal]] = []
    refused: list[RowRefused] = []
    for row, cells in zip(frame.index.tolist(), frame.to_dict("records"), strict=True):
        if not any(str(cell).strip() for cell in cells.values()):
            continue
        if row in bad:
            refused.append(_refused(row, "", "columns_mismatch", "jumlah sel berbeda, atau sel berisi rumus",
                                    "another number of cells, or a cell holds a formula"))  # fmt: skip
            continue
        texts = {name: str(cells[column]).strip().removeprefix("'") for name, column in own.items()}
        kind = KIND_WORDS.get(column_key(texts["kind"]), texts["kind"].casefold())
        if kind not in KINDS:
            refused.append(_refused(row, own["kind"], "kind", f"jenis harus salah satu: {', '.join(KIND_WORDS)}",
                                    f"the kind must be one of: {', '.join(KINDS)}"))  # fmt: skip
            continue
        said = {variable: str(cells[column]) for variable, column in answers.items() if str(cells[column]).strip()}
        good.append((int(row), _proposal(kind, texts, said)))
    return good, refused


def _columns(path: Path, header: list[str], form: Form) -> tuple[dict[str, str], dict[str, str]]:
    present = {column_key(name): name for name in reversed(header)}
    own = {name: present[h] for name, words in COLUMNS.items() for h in reversed(words) if h in present}
    own |= {name: present[words[0]] for name, words in COLUMNS.items() if words[0] in present}
    missing = [COLUMNS[name][0] for name in _NEEDED if name not in own]
    if missing:
        wanted, seen = ", ".join(missing), ", ".join(header[:40])
        raise RegistryError(
            f"{path.name}: these columns are missing: {wanted}. Columns of the file: {seen}.",
            f"{path.name}: kolom ini tidak ada: {wanted}. Kolom berkas: {seen}.",
            code="column_missing",
        )
    open_to = (*askable(form), *DECILE)
    found = {name: column for name, column in form.recognise(header).items() if name in open_to}
    known = {*own.values(), *found.values(), *(form.recognise(header).get(name, "") for name in DIFFICULTIES)}
    known |= {name for name in header if column_key(name) == REFUSED_COLUMN}
    strange = [name for name in header if name not in known and name not in form.recognise(header).values()]
    if strange:
        listed = ", ".join(strange[:40])
        raise RegistryError(
            f"{path.name}: these columns are neither ours nor of form {form.name}: {listed}. Remove or rename them.",
            f"{path.name}: kolom ini bukan kolom pendaftaran dan bukan milik formulir {form.name}: {listed}. "
            "Hapus atau ganti namanya.",
            code="column_unknown",
        )
    return own, found


def _proposal(kind: str, texts: dict[str, str], answers: dict[str, str]) -> Proposal:
    identity = IdentityInput(
        name=texts["name"], nik=texts.get("nik", ""), family_number=texts.get("family_number", ""),
        address=texts.get("address", ""), birth_date=texts.get("birth_date", ""),
    )  # fmt: skip
    return Proposal(
        kind=kind, area=texts["area"], identity=identity, answers=answers, reason_text=texts.get("reason", "")
    )  # fmt: skip


def _refused(row: int, column: str, code: str, id: str, en: str) -> RowRefused:
    return RowRefused(row=int(row), column=column, code=code, reason_id=id, reason_en=en)
