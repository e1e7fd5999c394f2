"""Nobody's number or name stands in the clear: in no file of a workspace, in nothing that leaves it, on no page."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import logging
import re
import sqlite3
import time
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from gisapp.access.actors import Actor
from gisapp.access.demo_users import create_demo_users
from gisapp.access.sessions import begin_for
from gisapp.cli.demo import make_demo
from gisapp.cli.samples import desa_with_codes
from gisapp.columns import ID_COLUMNS
from gisapp.demo.district import make_district
from gisapp.demo.sample_forms import sample_forms
from gisapp.demo.samples import make_samples
from gisapp.progress import silent
from gisapp.registry.ingest import ingest
from gisapp.registry.list_matching import match_list
from gisapp.registry.lists import take_in_list
from gisapp.registry.preview import preview
from gisapp.registry.privacy import breach, write_breach, write_papers
from gisapp.registry.updates.acceptance import accept
from gisapp.registry.updates.attachments import attach
from gisapp.registry.updates.decisions import approve
from gisapp.registry.updates.matching import match
from gisapp.registry.updates.meetings import deliberate, submit
from gisapp.registry.updates.model import Decision, IdentityInput, Minutes, Proposal
from gisapp.registry.updates.queue import case
from gisapp.registry.updates.registration import register
from gisapp.registry.updates.visits import put_on_list, visit
from gisapp.release.export import export_collection
from gisapp.release.portable import write_portable_map
from gisapp.targeting.runs import load_run
from gisapp.web.app import create_app
from gisapp.workspace.backup import backup
from gisapp.workspace.doctor import examine
from gisapp.workspace.folder import Workspace, open_workspace
from gisapp.writers.collection import FORMATS
from tests.services.identity_scan import Sought, scan, scan_files

HOUSEHOLDS, SEED, PROFILE = 1000, 11, "labuhanbatu_selatan"
NEW_NIK, NEW_KK, NEW_NAME = "9905014101900099", "9905010101200099", "Zulkarnaida Pengujiwan"
#: What every made-up address ends with.
ADDRESS = "alamat rekaan"
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass
class Lived:
    """A workspace in which everything was done once, and what came out of it."""

    workspace: Workspace
    out: Path
    pages: dict[str, bytes]
    log: str
    sought: Sought


def identities_of(
    path: Path, encoding: str = "utf-8", separator: str = ",", titles: int = 0
) -> tuple[set[str], set[str]]:
    """Numbers of 16 digits and names that a registry file holds."""
    with path.open(encoding=encoding, newline="") as stream:
        for _ in range(titles):
            next(stream)
        rows = list(csv.DictReader(stream, delimiter=separator))
    cells = [(str(key).casefold(), str(value)) for row in rows for key, value in row.items() if isinstance(value, str)]
    numbers = {value for _, value in cells if re.fullmatch(r"\d{16}", value) and value.startswith("99")}
    named = re.compile(r"nama_kepala_keluarga|nama_lengkap|nama krt.*|nama art")
    return numbers, {value for key, value in cells if named.fullmatch(key) and len(value.split()) > 1}


@pytest.fixture(scope="module")
def lived(tmp_path_factory) -> Lived:
    folder = tmp_path_factory.mktemp("lived")
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    root_logger = logging.getLogger()
    before = root_logger.level
    root_logger.addHandler(handler)
    root_logger.setLevel(logging.DEBUG)
    try:
        return _live(folder, log)
    finally:
        root_logger.removeHandler(handler)
        root_logger.setLevel(before)


def _live(folder: Path, log: io.StringIO) -> Lived:
    root, out = folder / "workspace", folder / "out"
    out.mkdir()
    make_demo(root, households=HOUSEHOLDS, seed=SEED, profile=PROFILE, boundaries=None, progress=silent)
    workspace = open_workspace(root)
    numbers, names = _of_demo(folder)
    taken = _samples(workspace, folder)
    numbers, names = numbers | taken[0] | {NEW_NIK, NEW_KK}, names | taken[1] | {NEW_NAME, ADDRESS}
    _decree_list(workspace, folder, sorted(numbers))
    create_demo_users(workspace)
    _updates(workspace)
    _hand_out(open_workspace(root), out)
    backup(workspace, out / "cadangan.gisapp")
    findings = examine(workspace)
    log.write(json.dumps(str(findings)))
    pages = _pages(root)
    return Lived(workspace, out, pages, log.getvalue(), Sought(numbers=numbers, names=names))


def _of_demo(folder: Path) -> tuple[set[str], set[str]]:
    """The same arguments make the same files: what the demo took in."""
    files = make_district(folder / "source", households=HOUSEHOLDS, seed=SEED, profile=PROFILE)
    parts = [identities_of(path) for path in files.registry.values()]
    return set.union(*(part[0] for part in parts)), set.union(*(part[1] for part in parts))


def _samples(workspace: Workspace, folder: Path) -> tuple[set[str], set[str]]:
    """Two more files taken in, one of persons and a workbook, looked at before."""
    numbers, names = set(), set()
    areas = desa_with_codes(workspace)
    for period, form, kind in (("2023", "p3ke2023", "csv"), ("2024-06", "dtsen2026", "xlsx")):
        sample = make_samples(folder / "samples", areas, seed=3, forms=(form,))[0]
        vocabulary = {"mapping": sample.mapping} if sample.mapping else {"form": form}
        preview(workspace, getattr(sample, kind), **vocabulary)
        ingest(workspace, getattr(sample, kind), period=period, **vocabulary)
        how = sample_forms()[form]
        found = identities_of(sample.csv, how.encoding, how.separator, titles=1)
        numbers, names = numbers | found[0], names | found[1]
    return numbers, names


def _decree_list(workspace: Workspace, folder: Path, numbers: list[str]) -> None:
    path = folder / "daftar-sk.csv"
    path.write_text("nik,nama\n" + "".join(f"{number},{NEW_NAME}\n" for number in numbers[:50]), encoding="utf-8")
    take_in_list(workspace, path, name="bantuan-2025", number="400/12", date="2025-01-02", criteria="desil 1-4")
    match_list(workspace, "bantuan-2025")


def _updates(workspace: Workspace) -> None:
    """A new family from the desk to the next snapshot, its papers attached, its number in every free text."""
    area = str(desa_with_codes(workspace)["code"].iloc[0])
    actors = {role: Actor(name=role, role=role, area=area if role in ("village_operator", "verifier") else None)
              for role in ("village_operator", "social_office", "verifier", "facilitator", "tkpk_chair")}  # fmt: skip
    camat, second = Actor(name="camat", role="camat"), Actor(name="second", role="social_office")
    who = IdentityInput(name=NEW_NAME, nik=NEW_NIK, family_number=NEW_KK, address=ADDRESS, birth_date="1990-01-01")
    proposal = Proposal(kind="new", area=area, identity=who, answers={"persons": "3"}, reason_text=f"NIK {NEW_NIK}")
    one = register(workspace, actors["village_operator"], proposal)
    attach(workspace, actors["village_operator"], stream=io.BytesIO(PHOTO), filename=f"{NEW_NAME} {NEW_NIK}.png",
           kind="photo", case_id=one.id)  # fmt: skip

    def version() -> int:
        return case(workspace, actors["social_office"], one.id).case.version

    match(workspace, actors["social_office"], one.id, version())
    put_on_list(workspace, actors["social_office"], [one.id])
    visit(workspace, actors["verifier"], one.id, version(), result="finished", answers={"persons": "3"},
          visited_on=date(2026, 3, 2), note=f"bertemu {NEW_NAME}")  # fmt: skip
    minutes = Minutes(area=area, held_on=date(2026, 3, 9), place="Balai desa", present={"government": 3, "women": 4},
                      decisions={one.id: Decision(decision="agree")}, remarks=f"{NEW_NAME} {NEW_NIK}")  # fmt: skip
    deliberate(workspace, actors["facilitator"], [one.id], minutes)
    submit(workspace, camat, [one.id])
    approve(workspace, second, [one.id])
    accept(workspace, actors["tkpk_chair"], [one.id])


def _hand_out(workspace: Workspace, out: Path) -> None:
    run = load_run(workspace)
    for collection in ID_COLUMNS:
        for format in FORMATS:
            if format != "shp" or collection == "areas":  # a shapefile holds one kind of geometry
                export_collection(workspace, run, collection, out / f"{collection}.{format}", format=format)
    write_portable_map(workspace, run, out / "peta.html")
    write_papers(workspace, out / "naskah")
    write_breach(workspace, breach(workspace, since=date(2026, 1, 1)), out / "laporan")


def _pages(root: Path) -> dict[str, bytes]:
    """Every page without a parameter, as each user of the demo sees it, and as a stranger does."""
    app = create_app(root, testing=True)
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    paths = sorted({rule.rule for rule in rules})
    pages = {}
    for user in (None, *(one.name for one in create_demo_users(open_workspace(root)))):
        client = app.test_client()
        if user is not None:
            with client.session_transaction() as kept:
                kept["token"], kept["seen"] = begin_for(open_workspace(root), user), int(time.time())
        for path in paths:
            pages[f"{user} {path}"] = client.get(path).data
    return pages


def test_something_is_sought(lived):
    assert len(lived.sought.numbers) > 3 * HOUSEHOLDS
    assert len(lived.sought.names) > 500
    assert len(lived.pages) > 50
    assert len(list(lived.workspace.root.rglob("*"))) > 40
    assert len(list(lived.out.rglob("*"))) > 20


def test_no_file_of_the_workspace_names_anybody(lived):
    assert scan_files(lived.workspace.root, lived.sought) == {}


def test_nothing_that_leaves_the_workspace_names_anybody(lived):
    assert scan_files(lived.out, lived.sought) == {}


def test_no_page_names_anybody(lived):
    found = {page: scan(body, lived.sought) for page, body in lived.pages.items()}
    assert {page: hits for page, hits in found.items() if hits} == {}


def test_no_log_names_anybody(lived):
    assert scan(lived.log.encode(), lived.sought) == set()


NUMBER, NAME = "9905014101900001", "Barunda Contohan"


def _workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["a", NUMBER])
    book.save(out)
    return out.getvalue()


def _zipped(inner: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dalam.bin", inner)
    return out.getvalue()


def _parquet(values: pa.Array) -> bytes:
    out = io.BytesIO()
    parquet.write_table(pa.table({"x": values}), out, compression="zstd")
    return out.getvalue()


def _database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (a, b)")
    connection.execute("INSERT INTO t VALUES (?, ?)", (int(NUMBER), gzip.compress(NAME.encode())))
    connection.commit()
    return connection.serialize()


#: Neighbours of what is sought.
TAME = b"9905014101900002 Barunda Sagaru Contohan 20250205 " + bytes(range(256)) * 50
HIDDEN = {
    "text": f"x{NUMBER}y".encode(),
    "inside a longer number": f"1{NUMBER}2".encode(),
    "in groups": f"{NUMBER[:6]}.{NUMBER[6:12]}-{NUMBER[12:]}".encode(),
    "utf-16": NUMBER.encode("utf-16"),
    "a name in capitals": f"a {NAME.upper()}, b".encode(),
    "a name in a path": NAME.replace(" ", "_").lower().encode(),
    "a name in utf-16": NAME.encode("utf-16"),
    "an integer": b"abc" + int(NUMBER).to_bytes(8, "little") + b"def",
    "an integer of the other order": b"abcd" + int(NUMBER).to_bytes(8, "big"),
    "gzip": gzip.compress(NUMBER.encode()),
    "a zip in a zip": _zipped(_zipped(NUMBER.encode())),
    "a workbook": _workbook(),
    "parquet, text": _parquet(pa.array([NUMBER, "x"])),
    "parquet, integer": _parquet(pa.array([int(NUMBER)] * 50)),
    "parquet, float": _parquet(pa.array([float(NUMBER)] * 50)),
    "a database": _database(),
    "base64": b'{"x":"' + base64.b64encode(b"ab" + NUMBER.encode() + b"cdef") + b'"}',
    "hexadecimal": NUMBER.encode().hex().encode(),
}


@pytest.mark.parametrize("way", HIDDEN)
def test_the_search_finds_what_is_hidden(way, tmp_path):
    """It must be able to fail: each way of hiding is found."""
    (tmp_path / "berkas.bin").write_bytes(HIDDEN[way])
    assert scan_files(tmp_path, Sought(numbers={NUMBER}, names={NAME}))


def test_the_search_does_not_cry_wolf(tmp_path):
    (tmp_path / "berkas.bin").write_bytes(TAME)
    assert scan_files(tmp_path, Sought(numbers={NUMBER}, names={NAME})) == {}


def test_a_name_of_a_file_is_searched_too(tmp_path):
    (tmp_path / f"{NUMBER}.png").write_bytes(b"")
    assert scan_files(tmp_path, Sought(numbers={NUMBER}, names={NAME}))
