"""What the district decides about submitted cases, before the second person accepts them."""

from __future__ import annotations

from collections.abc import Iterable

from gisapp.access.actors import Actor
from gisapp.registry.updates.ledger import (
    case_of,
    find_case,
    find_cases,
    move,
    newest_snapshot,
    require_state,
    require_version,
)
from gisapp.registry.updates.model import Case, StepRefusedError, case_number
from gisapp.registry.updates.states import ACCEPTABLE, RESULTS
from gisapp.registry.updates.tables import CaseRow
from gisapp.store.database import session
from gisapp.store.vault import open_vault
from gisapp.workspace.folder import Workspace


def require_two_people(row: CaseRow, actor: Actor, *, second: bool) -> None:
    """Refuse the registrar, and a second person who is the first or comes before them."""
    number = case_number(row.id)
    if actor.name == row.registered_by:
        raise _refused("two_people", f"{number}: whoever registered it does not decide on it.",
                       f"{number}: pendaftar tidak boleh memutuskan usulannya sendiri.")  # fmt: skip
    if second and row.approved_by is None:
        raise _refused("two_people", f"{number} needs the approval of a first person.",
                       f"{number} perlu persetujuan orang pertama.")  # fmt: skip
    if second and row.approved_by == actor.name:
        raise _refused("two_people", f"{number}: you approved it; another person has to accept it.",
                       f"{number}: Anda sudah menyetujuinya; harus orang lain yang menerima.")  # fmt: skip
    if not second and row.approved_by is not None:
        raise _refused("approved", f"{number} was approved by {row.approved_by}; now another person accepts it.",
                       f"{number} sudah disetujui {row.approved_by}; sekarang orang lain menerimanya.")  # fmt: skip


def require_acceptable(row: CaseRow) -> None:
    """Refuse what the meeting did not agree to, what nobody has seen, and what matching contradicts."""
    number = case_number(row.id)
    if row.decision != "agree":
        raise _refused("not_agreed", f"{number}: the meeting did not agree; return or refuse it.",
                       f"{number}: musyawarah tidak menyepakati; kembalikan atau tolak.")  # fmt: skip
    if row.result not in ACCEPTABLE[row.kind]:
        id, en = RESULTS.get(row.result or "", ("-", "-"))
        raise _refused("not_seen", f"{number}: the visit ended with: {en}. Return or refuse it.",
                       f"{number}: kunjungan berakhir: {id}. Kembalikan atau tolak.")  # fmt: skip
    if row.kind == "new" and row.family_id is not None:
        raise _refused("already_registered", f"{number}: this family is registered already; return it as a change.",
                       f"{number}: keluarga ini sudah terdaftar; kembalikan sebagai perubahan.")  # fmt: skip
    if row.kind in ("change", "move", "leave") and row.family_id is None:
        raise _refused("not_registered", f"{number}: this family is not in the registry; register it as new.",
                       f"{number}: keluarga ini tidak terdaftar; daftarkan sebagai keluarga baru.")  # fmt: skip


def _refused(code: str, en: str, id: str) -> StepRefusedError:
    return StepRefusedError(en, id, code=code)


def approve(ws: Workspace, actor: Actor, case_ids: Iterable[int]) -> list[Case]:
    """Approve submitted cases as the first of two people; all of them, or none where one cannot be accepted."""
    vault = open_vault(ws.root)
    with session(ws.database) as db:
        rows = find_cases(db, actor, case_ids, "approve")
        for row in rows:
            require_two_people(row, actor, second=False)
            require_acceptable(row)
            row.approved_by = actor.name
            move(db, vault, row, "approve", "submitted", actor)
        newest = newest_snapshot(db)
        return [case_of(row, newest) for row in rows]


def send_back(ws: Workspace, actor: Actor, case_id: int, version: int, *, reason: str) -> Case:
    """Return a submitted case: it may be listed and visited again."""
    return _turn_down(ws, actor, case_id, version, "return", reason)


def refuse(ws: Workspace, actor: Actor, case_id: int, version: int, *, reason: str) -> Case:
    """Refuse a submitted case for good."""
    return _turn_down(ws, actor, case_id, version, "refuse", reason)


def _turn_down(ws: Workspace, actor: Actor, case_id: int, version: int, action: str, reason: str) -> Case:
    with session(ws.database) as db:
        row = find_case(db, actor, case_id, "updates.decide")
        require_version(row, version)
        require_state(row, action)
        if not reason.strip() or len(reason) > 2_000:
            raise _refused("reason_missing", "Say why, in at most 2,000 characters.",
                           "Tulis alasannya, paling banyak 2.000 karakter.")  # fmt: skip
        row.approved_by = None
        to = "returned" if action == "return" else "refused"
        move(db, open_vault(ws.root), row, action, to, actor, reason=reason)
        return case_of(row, newest_snapshot(db))
