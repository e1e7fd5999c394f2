"""Columns of the suggestions."""

from __future__ import annotations

from gisapp.columns.column import Column, count, flag, number, ratio, text
from gisapp.columns.shared import STATUS

_COST = (
    Column(name="cost_year", kind="integer", unit="", id="Tahun harga", en="Year of the price"),
    number("unit_cost_low_idr", "IDR", "Harga satuan, rendah", "Unit cost, low", from_families=False),
    number("unit_cost_high_idr", "IDR", "Harga satuan, tinggi", "Unit cost, high", from_families=False),
    text("price_reference", "Daftar harga pengganti", "Price list to replace it from"),
    number("region_factor", "ratio", "Faktor daerah", "Region factor", from_families=False),
    number("works_idr", "IDR", "Biaya pekerjaan", "Cost of works"),
    Column(name="design_share", kind="ratio", unit="0..1", id="Bagian perencanaan", en="Share of design"),
    number("design_idr", "IDR", "Biaya perencanaan", "Cost of design"),
    Column(name="supervision_share", kind="ratio", unit="0..1", id="Bagian pengawasan", en="Share of supervision"),
    number("supervision_idr", "IDR", "Biaya pengawasan", "Cost of supervision"),
    Column(name="tax_rate", kind="ratio", unit="0..1", id="Tarif PPN", en="Rate of value added tax"),
    number("tax_idr", "IDR", "PPN", "Value added tax"),
    Column(name="maintenance_share", kind="ratio", unit="0..1", id="Bagian pemeliharaan", en="Share of upkeep"),
    number("maintenance_idr", "IDR", "Pemeliharaan per tahun", "Upkeep per year"),
    number("cost_per_family_idr", "IDR", "Rupiah per keluarga", "Rupiah per family"),
    number("cost_per_family_lower_idr", "IDR", "Rupiah per keluarga, rendah", "Rupiah per family, low"),
    number("cost_per_family_upper_idr", "IDR", "Rupiah per keluarga, tinggi", "Rupiah per family, high"),
)

_COMPARED = (
    *(
        Column(name=name, kind="integer", unit="", id=id, en=en, from_families=True)
        for name, id, en in (
            ("rank_in_kind", "Peringkat dalam jenisnya", "Rank within its kind"),
            ("rank_in_kind_lower", "Peringkat terbaik dalam rentang", "Best rank of the range"),
            ("rank_in_kind_upper", "Peringkat terakhir dalam rentang", "Last rank of the range"),
            ("of_kind", "Usulan sejenis yang dibandingkan", "Suggestions of the kind that are compared"),
        )
    ),
    ratio("first_probability", "Peluang termasuk yang pertama", "Probability of being among the first"),
    ratio("first_error", "Galat baku peluang itu (penarikan)", "Monte Carlo error of that probability"),
    ratio("leading_probability", "Peluang menjadi yang paling depan", "Probability of being the very first"),
    ratio("leading_error", "Galat baku peluang paling depan (penarikan)", "Monte Carlo error of being the very first"),
    text("counterfactual_id", "Bila satu angka berubah (Indonesia)", "If one number changed (id)", from_families=True),
    text("counterfactual_en", "Bila satu angka berubah (Inggris)", "If one number changed (en)", from_families=True),
    text("displaces", "Usulan yang bergeser dalam anggaran", "What it displaces in the budget", from_families=True),
    count("displaced_families", "families", "Keluarga yang berkurang karenanya", "Families fewer for it"),
)

_CONDITIONS = (
    text("standard", "Standar", "Standard"),
    text("programmes", "Program nasional", "National programmes"),
    text("requires_id", "Syarat (Indonesia)", "Conditions (Indonesian)"),
    text("requires_en", "Syarat (Inggris)", "Conditions (English)"),
)

INTERVENTIONS = (
    text("intervention_id", "Usulan", "Suggestion"),
    text("pocket_id", "Wilayah prioritas", "Pocket"),
    STATUS,
    Column(name="strategy", kind="integer", unit="1..7", id="Strategi", en="Strategy"),
    text("kind", "Jenis", "Kind"),
    text("title_id", "Usulan (Indonesia)", "Suggestion (Indonesian)"),
    text("title_en", "Usulan (Inggris)", "Suggestion (English)"),
    Column(name="sequence", kind="integer", unit="", id="Urutan dalam wilayah", en="Order within the pocket"),
    text("need", "Yang dijawab", "What it answers", from_families=True),
    text("code", "Kode desa lokasi", "Village code of the location"),
    text("location_label", "Keterangan lokasi", "What the location is"),
    count("families", "families", "Keluarga dijangkau", "Families reached"),
    count("persons", "persons", "Jiwa dijangkau", "Persons reached"),
    number("volume", "unit", "Volume", "Volume"),
    text("unit", "Satuan", "Unit"),
    number("unit_cost_idr", "IDR", "Harga satuan", "Unit cost", from_families=False),
    number("cost_idr", "IDR", "Biaya seluruhnya", "Cost in all"),
    text("cost_source", "Sumber dan tahun biaya", "Source and year of the cost"),
    *_COST,
    *_COMPARED,
    text("executor", "Pelaksana", "Executor"),
    text("authority", "Kewenangan", "Authority"),
    *_CONDITIONS,
    text("service", "Layanan", "Service"),
    text("why_id", "Alasan (Indonesia)", "Reason (Indonesian)", from_families=True),
    text("why_en", "Alasan (Inggris)", "Reason (English)", from_families=True),
    text("evidence", "Angka yang mendasari (JSON)", "Numbers behind it (JSON)", from_families=True),
    text("not_checked", "Belum diperiksa", "Not checked"),
    text("land_note", "Catatan lahan", "Note on the land"),
    text("funded_by", "Kegiatan yang sudah didanai", "Works already funded", from_families=True),
    ratio("funded_share", "Bagian keluarga yang dijawab kegiatan itu", "Share of its families that they answer"),
    flag("pre_empted", "Sudah dijawab kegiatan yang didanai", "Already answered by funded works"),
    text("plan_status", "Mutu rencana lokasi", "Quality of the siting plan", from_families=True),
    flag("in_budget", "Masuk anggaran yang diberikan", "Within the given budget"),
    text("run_id", "Hasil hitung", "Run"),
)
