"""Warnings of a run in words."""

from __future__ import annotations

#: Code -> (Indonesian, English).
WARNINGS = {
    "candidate_excluded": (
        "calon lokasi yang dilarang lapisan lahan; per lapisan lihat manifest",
        "candidates that a layer of land excludes; by layer in the manifest",
    ),
    "candidate_outside": (
        "calon lokasi di luar semua desa; tidak dipakai",
        "candidates outside every desa; not used",
    ),
    "candidate_same_spot": (
        "calon lokasi di titik yang sama dengan calon lain; dihitung sekali",
        "candidates on one spot with another; counted once",
    ),
    "candidates_none": (
        "tidak ada calon lokasi yang boleh dipakai; tidak ada indikasi lokasi",
        "no candidate is left; no site is indicated",
    ),
    "capacity_columns_differ": (
        "layanan yang daya tampungnya diambil dari kolom berbeda nama; periksa apakah satuannya sama",
        "services whose capacity comes from columns of different names; check that they count the same",
    ),
    "desa_without_candidate": (
        "desa berpenduduk terdaftar tanpa calon lokasi yang boleh dipakai",
        "desa with registered families and no candidate that is allowed",
    ),
    "expected_missing": (
        "desa tanpa angka perkiraan keluarga; selisih pendataannya tidak diketahui",
        "desa without an expected number of families; their coverage gap is not known",
    ),
    "expected_other_concept": (
        "baris perkiraan keluarga yang menghitung hal lain daripada hasil ini; tidak dibandingkan",
        "rows of expected families that count something else than this run; not compared",
    ),
    "facility_area_misspelt": (
        "sarana tanpa posisi yang nama wilayahnya salah tulis; dianggap ada di wilayah yang namanya mirip",
        "facilities without a position whose area is misspelt; taken to stand in the areas of a like name",
    ),
    "facility_area_unknown": (
        "sarana tanpa posisi dan tanpa wilayah yang dikenal; ketiadaan layanannya tidak diketahui di seluruh kabupaten",
        "facilities without a position and without a known area; absence of their service is unknown everywhere",
    ),
    "facility_crowded": (
        "sarana sejenis yang menumpuk di satu titik; mungkin titik kantor, ketiadaan di wilayahnya tidak diketahui",
        "facilities of one service on a single point, perhaps an office's; absence in their area is unknown",
    ),
    "facility_elsewhere": (
        "sarana milik kabupaten lain menurut titik dan wilayahnya; tidak dihitung",
        "facilities of another district by their point and their area; not counted",
    ),
    "facility_off_ground": (
        "sarana yang terlalu jauh dari tempat yang dapat dilalui; tidak ikut dalam waktu tempuh. Periksa titiknya dan "
        "tutupan lahan; per layanan ada di manifest",
        "facilities too far from ground that can be crossed; no travel time leads to them. Check their points and the "
        "land cover; by service in the manifest",
    ),
    "facility_repeated": (
        "sarana yang sama di dua lapisan; dihitung sekali",
        "facilities that two layers hold; counted once",
    ),
    "facility_unplaced": (
        "sarana tanpa posisi yang dapat dipakai; dianggap ada di wilayahnya, letak tidak diketahui",
        "facilities without a usable position; taken to stand in their area, nobody knows where",
    ),
    "family_in_no_desa": (
        "keluarga dengan titik di luar semua desa; dihitung di desa yang tercatat",
        "families whose point is in no desa; counted in their declared desa",
    ),
    "family_in_small_unit": (
        "keluarga di sel atau SLS yang terlalu sedikit penghuninya untuk diuji; di luar semua wilayah prioritas",
        "families in cells or SLS with too few families to be tested; outside every pocket",
    ),
    "family_off_ground": (
        "keluarga yang terlalu jauh dari tempat yang dapat dilalui; dihitung tanpa jalan ke layanan. Periksa tutupan "
        "lahan",
        "families too far from ground that can be crossed; counted as without a way to services. Check the land cover",
    ),
    "family_outside_declared_desa": (
        "keluarga dengan titik di luar desa yang tercatat; dihitung di desa yang tercatat",
        "families whose point is outside their declared desa; counted in their declared desa",
    ),
    "family_without_unit": (
        "keluarga tanpa titik yang dapat dipakai, atau di luar SLS desanya; tidak ikut diuji",
        "families without a usable position, or outside the SLS of their desa; not part of the tests",
    ),
    "land_cover_unknown": (
        "sel tutupan lahan berkode tanpa kelas; dianggap tidak dapat dilalui selain lewat jalan. `gisapp check` "
        "menyebut kodenya; tulis kelasnya di [kind_map] lapisan itu",
        "cells of the land cover with a code that has no class; taken as impassable except by road. `gisapp check` "
        "names the codes; say their class under [kind_map] of the layer",
    ),
    "land_outside_district": (
        "lapisan lahan yang tidak menyentuh kabupaten; tetap belum diperiksa",
        "layers of land that do not touch the district; still not checked",
    ),
    "links_not_searched": (
        "ruas dan jembatan yang belum ada tidak dapat dicari pada peta jalan ini; sebabnya ada di manifest",
        "missing roads and bridges could not be looked for on this road map; the manifest says why",
    ),
    "links_shortened": (
        "jalan terlalu rapat: ruas yang belum ada dicari lebih pendek dari link_longest_m; panjangnya ada di manifest",
        "roads are too dense: missing links shorter than link_longest_m were looked for; the manifest says how long",
    ),
    "population_below_registered": (
        "desa yang tabel penduduknya lebih kecil dari keluarga atau jiwa terdaftar",
        "desa whose population table has fewer families or persons than are registered",
    ),
    "population_missing": ("desa tanpa baris di tabel penduduk", "desa without a row in the population table"),
    "population_tables": (
        "desa dengan tahun yang sama di beberapa tabel penduduk; lihat `gisapp check`",
        "desa with the same year in several population tables; see `gisapp check`",
    ),
    "road_class_unknown": (
        "jalan tanpa kelas yang dikenal; waktu tempuhnya seperti jalan lokal (kata-katanya ada di manifest)",
        "roads without a class that is known; travelled like local roads (the words stand in the manifest)",
    ),
    "roads_mended": (
        "ujung jalan yang disambung ke jalan di dekatnya untuk mencari ruas yang belum ada; rinciannya di manifest",
        "ends of roads that were joined to a road beside them to look for missing links; details in the manifest",
    ),
    "roads_unconnected": (
        "bagian jaringan jalan yang terpisah dari jalan lain; periksa gambarnya, ruas yang diusulkan dapat karenanya",
        "parts of the road network apart from the rest; check the drawing, a suggested link may come from it",
    ),
    "survey_other_concept": (
        "baris taksiran survei tentang hal lain; hanya yang paling banyak yang dipakai",
        "rows of survey estimates about something else; only the most frequent concept is used",
    ),
    "survey_unknown_code": (
        "baris taksiran survei dengan kode yang tidak ada di batas wilayah",
        "rows of survey estimates whose code is in no boundary",
    ),
    "survey_without_error": (
        "taksiran survei tanpa galat baku, atau dengan galat 0; tidak masuk model",
        "survey estimates without a standard error, or with an error of 0; left out of the model",
    ),
    "work_kind_unknown": (
        "kegiatan didanai yang jenisnya tidak menjawab kebutuhan yang dikenal; tidak mendahului usulan",
        "funded works whose kind answers no need that is known; they pre-empt nothing",
    ),
    "work_past": (
        "kegiatan didanai dari tahun yang sudah lewat; dianggap sudah terbangun dan tercatat",
        "funded works of years gone by; taken as built and recorded",
    ),
    "work_without_place": (
        "kegiatan didanai tanpa letak dan tanpa kode wilayah kabupaten ini; tidak mendahului usulan",
        "funded works without a place and without a code of this district; they pre-empt nothing",
    ),
}
