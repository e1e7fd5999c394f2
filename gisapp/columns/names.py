"""Names that columns are made of: what a family may lack, and which services are measured."""

from __future__ import annotations

#: Deprivation indicators of a family, in print order: name -> (Indonesian, English).
DEPRIVATIONS = {
    "schooling": ("Anak 7–15 tahun tidak sekolah", "A child of 7–15 is not in school"),
    "adult_education": ("Tidak ada anggota dewasa tamat SMP", "No adult finished junior school"),
    "work": ("Tidak ada anggota dewasa yang bekerja tetap", "No adult has regular work"),
    "water": ("Air minum belum layak", "No safe drinking water"),
    "sanitation": ("Jamban belum layak", "No proper sanitation"),
    "housing": ("Rumah belum layak huni", "Substandard house"),
    "electricity": ("Belum ada listrik PLN bermeteran", "No metered grid electricity"),
    "cooking_fuel": ("Memasak dengan kayu, arang atau minyak tanah", "Cooks with wood, charcoal or kerosene"),
}

#: Services of which reach is measured: name -> (Indonesian, English). Facility kinds map to one each in layers/*.toml.
SERVICES = {
    "early_childhood": ("PAUD/TK", "Early childhood school"),
    "primary_school": ("SD/MI", "Primary school"),
    "junior_school": ("SMP/MTs", "Junior secondary school"),
    "senior_school": ("SMA/MA/SMK", "Senior secondary school"),
    "health_centre": ("Puskesmas/Pustu", "Health centre"),
    "posyandu": ("Posyandu", "Village health post"),
    "market": ("Pasar", "Market"),
    "road": ("Jalan", "Road"),
}

#: Services to which minutes are reckoned; to a road there is a distance only.
TIMED_SERVICES = tuple(name for name in SERVICES if name != "road")
#: Services of which it is known who needs them, so that capacity can be shared out; anybody may go to a market.
CAPACITY_SERVICES = tuple(name for name in TIMED_SERVICES if name != "market")
