"""What an update is and what may follow what: the workflow as a table."""

from __future__ import annotations

from dataclasses import dataclass

#: State -> (Indonesian, English), in the order of the work.
STATES = {
    "registered": ("terdaftar", "registered"),
    "matched": ("cocok dengan data terpadu", "found in the registry"),
    "unmatched": ("tidak ada di data terpadu", "not in the registry"),
    "listed": ("di daftar sasaran verifikasi", "on a verification list"),
    "visited": ("sudah dikunjungi", "visited"),
    "deliberated": ("sudah dimusyawarahkan", "deliberated in the village meeting"),
    "submitted": ("diajukan", "submitted"),
    "accepted": ("diterima", "accepted"),
    "returned": ("dikembalikan", "returned"),
    "refused": ("ditolak", "refused"),
}
#: States that nothing follows.
CLOSED = ("accepted", "refused")

#: Kind of update -> (Indonesian, English).
KINDS = {
    "new": ("keluarga baru", "new family"),
    "change": ("perubahan keadaan", "change of circumstances"),
    "move": ("pindah ke desa ini", "moved to this desa"),
    "leave": ("meninggal seluruhnya, bubar, atau pindah keluar", "died out, dissolved or moved away"),
    "objection": ("sanggahan", "objection"),
}

#: Result of a home visit -> (Indonesian, English), as on the ministry's form of 2020.
RESULTS = {
    "finished": ("selesai", "finished"),
    "not_found": ("tidak ditemukan", "not found"),
    "moved": ("pindah atau bangunan sudah tidak ada", "moved or building gone"),
    "part_of_another": ("bagian dari keluarga lain yang terdaftar", "part of another listed family"),
    "duplicate": ("ganda", "duplicate"),
}
#: Results of a visit that let a kind of update be accepted; a family that was not seen cannot be described.
ACCEPTABLE = {
    "new": ("finished",),
    "change": ("finished",),
    "move": ("finished",),
    "leave": tuple(RESULTS),
    "objection": tuple(RESULTS),
}

#: What a village meeting decides -> (Indonesian, English).
DECISIONS = {"agree": ("disepakati", "agreed"), "reject": ("tidak disepakati", "not agreed")}
#: Why a meeting takes a family off -> (Indonesian, English).
REJECTIONS = {
    "died": ("meninggal", "died"),
    "moved": ("pindah", "moved"),
    "better_off": ("sudah mampu", "better off"),
    "duplicate": ("ganda", "duplicate"),
    "not_found": ("tidak ditemukan", "not found"),
    "other": ("alasan lain", "another reason"),
}

#: Open states whose proposal rests on a snapshot: a newer one makes them stale.
_RESTING = ("matched", "unmatched", "listed", "visited", "deliberated", "submitted", "returned")


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing that may be done to a case: from which states, to which, and with which permission."""

    name: str
    permission: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    id: str
    en: str


#: Every step of the workflow. An action whose state stays the same leaves a step all the same.
ACTIONS = {
    action.name: action
    for action in (
        Action(name="match", permission="updates.match", before=("registered", *_RESTING),
               after=("matched", "unmatched"), id="cocokkan", en="match"),
        Action(name="list", permission="updates.list", before=("matched", "unmatched", "returned"),
               after=("listed",), id="masukkan ke daftar verifikasi", en="put on a verification list"),
        Action(name="visit", permission="updates.visit", before=("listed", "visited", "returned"),
               after=("visited",), id="catat kunjungan", en="record the visit"),
        Action(name="deliberate", permission="updates.deliberate", before=("visited",),
               after=("deliberated",), id="catat musyawarah", en="record the meeting"),
        Action(name="submit", permission="updates.submit", before=("deliberated",),
               after=("submitted",), id="ajukan", en="submit"),
        Action(name="approve", permission="updates.decide", before=("submitted",),
               after=("submitted",), id="setujui (orang pertama)", en="approve (first person)"),
        Action(name="accept", permission="updates.decide", before=("submitted",),
               after=("accepted",), id="terima (orang kedua)", en="accept (second person)"),
        Action(name="return", permission="updates.decide", before=("submitted",),
               after=("returned",), id="kembalikan", en="return"),
        Action(name="refuse", permission="updates.decide", before=("submitted",),
               after=("refused",), id="tolak", en="refuse"),
    )
}  # fmt: skip

#: Steps that nobody asks for: a registration, a proposal that a newer snapshot leaves as it is, an erasure.
OTHER_STEPS = {
    "register": ("didaftarkan", "registered"),
    "rebase": ("dipindahkan ke potret baru, keluarganya tidak berubah", "moved to the new snapshot, family unchanged"),
    "erase": ("dihapus atas permintaan", "erased on request"),
}
