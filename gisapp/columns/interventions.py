"""Columns of the suggestions."""

from __future__ import annotations

from gisapp.columns.column import Column, count, flag, number, ratio, text
from gisapp.columns.shared import STATUS

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
    number("cost_idr", "IDR", "Biaya", "Cost"),
    text("cost_source", "Sumber dan tahun biaya", "Source and year of the cost"),
    text("executor", "Pelaksana", "Executor"),
    text("authority", "Kewenangan", "Authority"),
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
