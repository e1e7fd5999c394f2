"""What would change a rank, in plain Indonesian and English sentences made from the numbers."""

from __future__ import annotations

from gisapp.analysis.suggesting.order import OrderChange
from gisapp.analysis.suggesting.ranks import RankChange
from gisapp.analysis.suggesting.reasons import number_id

#: Said where a strategy has no records to speak from: strategy -> (name of the records, Indonesian, English).
WITHOUT_RECORDS = {
    6: ("mitra", "Belum ada data mitra.", "There are no records of partners yet."),
    7: ("program", "Belum ada data program berjalan.", "There are no records of running programmes yet."),
}
ALONE = (
    "Satu-satunya usulan jenis ini; tidak ada yang dapat dibandingkan.",
    "The only suggestion of this kind; there is nothing to compare it with.",
)


def if_one_number_changed(rank: int, of: int, change: RankChange | None) -> tuple[str, str]:
    """Return where a suggestion stands among those of its kind and what would change that."""
    if of == 1:
        return ALONE
    if change is None:
        return (
            f"Semua {of} usulan sejenis sama mahal per keluarga; tidak ada yang mendahului.",
            f"All {of} suggestions of the kind cost the same per family; none comes first.",
        )
    where = (
        f"Peringkat {rank} dari {of} usulan sejenis menurut rupiah per keluarga",
        f"Rank {rank} of {of} suggestions of the kind by rupiah per family",
    )
    better = change.rank_then < rank
    if change.number == "families":
        then, now = number_id(change.then), number_id(change.now)
        condition = (
            f"bila menjangkau {then} keluarga (kini {now})",
            f"if it reached {int(change.then):,} families (now {int(change.now):,})",
        )
    else:
        word = ("paling tinggi", "at most") if better else ("sekurangnya", "at least")
        condition = (
            f"bila harga satuannya di sini {word[0]} Rp {number_id(change.then)} (kini Rp {number_id(change.now)})",
            f"if its unit price here were {word[1]} Rp {change.then:,.0f} (now Rp {change.now:,.0f})",
        )
    would = ("akan menjadi", "would be") if better else ("turun menjadi", "would fall to")
    return (
        f"{where[0]}; {would[0]} peringkat {change.rank_then} {condition[0]}.",
        f"{where[1]}; {would[1]} rank {change.rank_then} {condition[1]}.",
    )


def if_fewer_or_more_lacked(change: OrderChange | None) -> tuple[str, str]:
    """Return the place of a need among those of its pocket, and how many families lacking would change it."""
    if change is None:
        return "", ""
    now, then = number_id(change.now), number_id(change.then)
    if change.place == 1:
        return (
            "Kebutuhan yang paling menonjol di wilayah ini; menjadi yang kedua bila yang kekurangan paling banyak "
            f"{then} keluarga (kini {now}; kabupaten dianggap tetap).",
            "The need that stands out most here; it would come second if at most "
            f"{change.then:,} families lacked it (now {change.now:,}; the district held as it is).",
        )
    return (
        f"Kebutuhan ke-{change.place} yang menonjol di wilayah ini; menjadi ke-{change.place_then} bila yang "
        f"kekurangan sekurangnya {then} keluarga (kini {now}; kabupaten dianggap tetap).",
        f"Number {change.place} of the needs that stand out here; it would be number {change.place_then} if at least "
        f"{change.then:,} families lacked it (now {change.now:,}; the district held as it is).",
    )
