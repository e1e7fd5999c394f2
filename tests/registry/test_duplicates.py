"""Probable duplicates: the names offices write, planted variants found, nothing merged."""

import json
import random

import pytest

from gisapp.access.actors import Actor
from gisapp.cli.main import gisapp
from gisapp.cli.options import run_guarded
from gisapp.errors import InvalidParameterError, NotFoundError, PermissionRefusedError
from gisapp.registry.duplicates import decide, probable_duplicates, proposals
from gisapp.registry.ingest import ingest
from gisapp.registry.likeness import Birth, Entry, likely_pairs, normal_name, read_birth
from gisapp.registry.snapshots import latest_snapshot
from tests.registry.conftest import family

WOMEN = [
    "Siti Aminah", "Nurhayati", "Rukiah", "Sulastri", "Halimah", "Ernawati", "Yusnidar", "Maimunah", "Zubaidah",
    "Rosmawati",
]  # fmt: skip
MEN = [
    "Muhammad", "Abdul", "Ahmad", "Rahman", "Yusuf", "Suparman", "Sutrisno", "Jumadi", "Harun", "Bahar",
    "Zulkifli", "Ramadhan", "Poniman",
]  # fmt: skip
LAST = [
    "Siregar", "Harahap", "Nasution", "Lubis", "Ginting", "Sembiring", "Tarigan", "Manurung", "Sinaga", "Purba",
    "Saragih", "Hutapea",
]  # fmt: skip


def draw_people(dice, number):
    people = []
    for key in range(number):
        first = dice.choice(MEN if dice.random() < 0.7 else WOMEN)
        name = " ".join([first, dice.choice(MEN + WOMEN), dice.choice(LAST)])
        people.append((f"{key:05d}", name, Birth(dice.randint(1, 28), dice.randint(1, 12), dice.randint(40, 99))))
    return people


def disturbed(dice, name, birth):
    """A name or a date as another clerk would write it."""
    kind = dice.randrange(7)
    if kind == 0:
        return f"H. {name.upper()}, S.Pd", birth
    if kind == 1:
        return name.replace("Muhammad", "M.").replace("Siti", "St.").replace("Abdul", "Abd"), birth
    if kind == 2:
        place = dice.randrange(1, len(name) - 2)
        return name[:place] + name[place + 1 :], birth
    if kind == 3:
        return "  ".join(reversed(name.split())), birth
    if kind == 4:
        place = dice.randrange(1, len(name) - 2)
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :], birth
    if kind == 5:
        return name, Birth(birth.day % 28 + 1, birth.month, birth.year)
    return name.replace("u", "oe").replace("j", "dj"), birth


def test_planted_variants_are_found_and_strangers_are_not(capsys):
    dice = random.Random(20250101)
    planted = found = right = 0
    for _ in range(12):
        people = draw_people(dice, 600)
        copies = [(f"{key}x", *disturbed(dice, name, birth)) for key, name, birth in dice.sample(people, 40)]
        entries = [Entry(key=key, name=normal_name(name), birth=birth) for key, name, birth in people + copies]
        pairs = {(pair.a, pair.b) for pair in likely_pairs(entries)}
        truth = {(key[:-1], key) for key, *_ in copies}
        planted, found, right = planted + len(truth), found + len(pairs), right + len(pairs & truth)
    precision, recall = right / found, right / planted
    with capsys.disabled():
        print(f"\nprobable duplicates: {planted} planted, precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.9
    assert recall >= 0.9


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Muhammad Yusuf", "MUHAMAD  YUSUF"),
        ("M. Yusuf", "Yusuf Mohammad"),
        ("Siti Aminah", "Hj. St. Aminah"),
        ("Abdul Rahman", "Abd. Rahman, S.H"),
        ("Soeparman", "Suparman"),
        ("Drs. H. Ahmad", "Achmad"),
    ],
)
def test_ways_of_writing_one_name(one, two):
    assert normal_name(one) == normal_name(two)


def test_titles_alone_are_a_name():
    assert normal_name("Raden") == "raden"
    assert normal_name("") == ""


def test_birth_dates_are_read_or_taken_from_the_nik():
    same = ("1970-01-17", "17-01-1970", "17/1/70", "17011970", "1970-01-17 00:00:00")
    assert {read_birth(text) for text in same} == {Birth(17, 1, 70)}
    assert read_birth("", "9901015701700001") == Birth(17, 1, 70)  # a woman: day + 40
    assert read_birth("?", "") is None
    assert read_birth("1970-13-45") is None


@pytest.fixture
def taken(workspace, files):
    """2 is 1 again with a new NIK and KK; 3 has the name and date in another desa; 4 is somebody else."""
    name = {"nama_kepala_keluarga": "Muhammad Rekaan", "nik": "9901010101700001"}
    rows = [
        family(1, **name),
        family(2, nama_kepala_keluarga="M. Rekaan", nik="9901010101700019"),
        family(3, nama_kepala_keluarga="M. Rekaan", nik="9901010101700027", kode_desa="12.05.01.2002"),
        family(4, nama_kepala_keluarga="Halimah", nik="9901010101700035"),
    ]
    ingest(workspace, files.csv(rows), period="2025")
    return workspace


def test_a_family_registered_twice_is_proposed_and_nothing_is_merged(taken):
    (found,) = probable_duplicates(taken)
    assert (found.family_a, found.family_b, found.area, found.state) == (
        "0000002", "0000003", "12.05.01.2001", "proposed",
    )  # fmt: skip
    assert found.reasons == ("birth_equal", "name_equal", "nik_alike")
    assert latest_snapshot(taken).rows == 4
    assert proposals(taken) == (found,)


def test_a_verdict_stays_when_it_is_looked_for_again(taken):
    (found,) = probable_duplicates(taken)
    decided = decide(taken, found.number, "different")
    assert probable_duplicates(taken) == (decided,)
    assert (decided.state, decided.decided_by) == ("different", "local")
    with pytest.raises(NotFoundError):
        decide(taken, 99, "same")
    with pytest.raises(InvalidParameterError):
        decide(taken, found.number, "merge")
    with pytest.raises(PermissionRefusedError):
        probable_duplicates(taken, actor=Actor(name="p", role="planner"))


def test_on_the_command_line_without_a_name(taken, capsys):
    assert run_guarded(gisapp, ["-w", str(taken.root), "duplicates"]) == 0
    out = capsys.readouterr().out
    assert "0000002 ~ 0000003" in out
    assert "Rekaan" not in out
    number = json.loads(_json(taken, capsys))["duplicates"][0]["number"]
    assert run_guarded(gisapp, ["-w", str(taken.root), "duplicates", "decide", str(number), "same"]) == 0
    assert "same (local)" in capsys.readouterr().out


def _json(workspace, capsys):
    assert run_guarded(gisapp, ["-w", str(workspace.root), "--json", "duplicates", "--period", "2025"]) == 0
    return capsys.readouterr().out


def test_without_a_snapshot_there_is_nothing_to_compare(workspace):
    assert probable_duplicates(workspace) == () == proposals(workspace)
