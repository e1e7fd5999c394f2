"""Households (Data Terpadu): forms, intake, quarantine, snapshots."""
