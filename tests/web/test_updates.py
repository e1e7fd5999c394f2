"""Updates in the browser: each page, each refusal, nothing typed lost, nobody named where nobody may be."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from gisapp.registry.ingest import ingest
from gisapp.registry.plan import Provenance
from gisapp.registry.snapshots import latest_snapshot
from gisapp.registry.updates.model import Decision
from gisapp.registry.updates.queue import case, cases
from gisapp.registry.updates.states import ACTIONS, KINDS, OTHER_STEPS, RESULTS, STATES
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from gisapp.web.app import create_app
from gisapp.web.texts import Texts
from gisapp.web.updates.words import word, words
from tests.registry.conftest import DESA, family, make_workspace, nik, write_boundary, write_csv
from tests.registry.updates.conftest import HERE, STAFF, THERE, Walk
from tests.web.conftest import log_in

HOSTILE = [
    "<script>window.HACKED=1</script>",
    "</script>",
    "${alert(1)}",
    "{{73*97}}",
    "`x`",
    "‮gnirts",
    "😀",
    "x" * 190,
]
NEW = "990101010190"
PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def place(tmp_path) -> Any:
    """A workspace with five families in one village."""
    ws = make_workspace(tmp_path / "kabupaten", write_boundary(tmp_path / "desa.geojson", DESA))
    ingest(ws, write_csv(tmp_path / "keluarga.csv", [family(n, desil=str(n)) for n in range(1, 6)]), period="2025")
    return ws


@pytest.fixture
def walk(place) -> Walk:
    return Walk(place)


@pytest.fixture
def here(place) -> Flask:
    """The pages over those families."""
    return create_app(place.root, testing=True)


class Person:
    """A user at a browser without JavaScript."""

    def __init__(self, app: Flask, role: str, area: str | None = None, name: str | None = None) -> None:
        self.client: FlaskClient = log_in(app, role, area, name=name)

    def see(self, path: str, status: int = 200, lang: str = "id") -> str:
        self.client.set_cookie("lang", lang)
        answer = self.client.get(path)
        assert answer.status_code == status, answer.get_data(as_text=True)[:3000]
        return answer.get_data(as_text=True)

    def send(self, path: str, status: int = 200, *, follow: bool = True, **fields: Any) -> str:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/account").get_data(as_text=True))
        assert token is not None
        answer = self.client.post(path, data={**fields, "csrf_token": token[1]}, follow_redirects=follow)
        assert answer.status_code == status, answer.get_data(as_text=True)[:3000]
        return answer.get_data(as_text=True)


def desk_form(**changes: str) -> dict[str, str]:
    typed = {
        "kind": "new", "name": "Nama Rekaan 9", "nik": NEW + "0017", "family_number": "9902010101900017",
        "address": "Dusun Rekaan", "birth_date": "1990-01-01", "area": HERE, "answer-persons": "4",
        "answer-floor": "8", "reason": "",
    }  # fmt: skip
    return {**typed, **changes}


def state(place: Any, case_id: int) -> str:
    return case(place, STAFF, case_id).case.state


def version(place: Any, case_id: int) -> str:
    return str(case(place, STAFF, case_id).case.version)


def events(place: Any) -> int:
    with session(place.database, write=False) as db:
        return db.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_every_code_of_the_workflow_has_a_word() -> None:
    assert set(words()["states"]) == set(STATES) == set(words()["waiting"])
    assert set(words()["kinds"]) == set(KINDS) == set(words()["kind_help"])
    assert set(words()["results"]) == set(RESULTS)
    assert set(words()["actions"]) == set(ACTIONS)
    assert set(words()["steps"]) == {*ACTIONS, *OTHER_STEPS}
    assert word("states", "nothing", Texts("id")) == "nothing"


PAGES = ("/updates", "/updates/new", "/updates/batch", "/updates/lists", "/updates/lists/filled", "/updates/meeting",
         "/updates/accept", "/updates/where-first", "/updates/upward")  # fmt: skip
ROLE_OF = {"/updates/lists/filled": "verifier", "/updates/meeting": "facilitator"}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_page(here: Flask, path: str, lang: str) -> None:
    page = Person(here, ROLE_OF.get(path, "social_office")).see(path, lang=lang)
    assert f'<html lang="{lang}">' in page
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|(src|href)=\"(https?:)?//", page)
    for name in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        with here.test_client().get(name) as answer:
            assert answer.status_code == 200, name


@pytest.mark.parametrize("path", PAGES)
def test_a_page_over_nothing(empty_workspace, path: str) -> None:
    """Before boundaries and families there is nothing to update, and the pages say so."""
    person = Person(create_app(empty_workspace, testing=True), ROLE_OF.get(path, "social_office"))
    assert person.client.get(path).status_code in (200, 503)


def test_an_empty_queue_says_what_to_do(here: Flask) -> None:
    page = Person(here, "village_operator").see("/updates")
    assert "Belum ada usulan pemutakhiran" in page
    assert page.count('href="/updates/new"') == 2
    assert "Tidak ada tugas untuk Anda saat ini" in Person(here, "camat").see("/updates?state=mine")
    assert "Hapus saringan" in Person(here, "camat").see("/updates?kind=move")


def test_the_desk_registers_and_shows_the_last_four_digits(here: Flask, place) -> None:
    before = events(place)
    page = Person(here, "village_operator").send("/updates/new", **desk_form())
    assert events(place) > before
    assert "MPM-000001 sudah didaftarkan." in page
    assert NEW + "0017" not in page
    assert "••••0017" in page
    assert "Tanah" in page
    assert "Nama Rekaan 9" not in page
    assert [one.kind for one in cases(place, STAFF)] == ["new"]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [("nik", "123", "NIK terdiri dari 16 angka"), ("nik", "3,30101E+15", "NIK terdiri dari 16 angka"),
     ("family_number", "12", "No. KK terdiri dari 16 angka"), ("name", "", "Wajib diisi."),
     ("birth_date", "01/02/1990", "Tanggal tidak terbaca"), ("area", THERE, "Pilih salah satu."),
     ("area", "", "Wajib diisi."), ("kind", "nothing", "Pilih salah satu."),
     ("answer-persons", "0", "dari 1 sampai 99"), ("answer-persons", "empat", "dari 1 sampai 99"),
     ("answer-floor", "77", "Pilih salah satu."),
     ("answer-floor_area_m2", "luas", "meter persegi"), ("name", "x" * 201, "Paling banyak 200 huruf.")],
)  # fmt: skip
def test_one_message_per_field_and_nothing_typed_is_lost(here: Flask, place, field: str, typed: str, said: str) -> None:
    page = Person(here, "village_operator").send("/updates/new", 422, **desk_form(**{field: typed}))
    assert said in page
    assert page.count('class="wrong"') == 1
    assert 'value="Dusun Rekaan"' in page
    assert cases(place, STAFF) == []


def test_who_is_registered_already_needs_a_number_and_a_reason(here: Flask) -> None:
    person = Person(here, "village_operator")
    page = person.send("/updates/new", 422, **desk_form(kind="change", nik="", family_number=""))
    assert "Isi NIK atau No. KK" in page
    page = person.send("/updates/new", 422, **desk_form(kind="objection"))
    assert "tanpa alasan usulan ini tidak dapat diperiksa" in page


def test_the_same_registration_twice_names_the_first(here: Flask) -> None:
    person = Person(here, "village_operator")
    person.send("/updates/new", **desk_form())
    page = person.send("/updates/new", 422, **desk_form())
    assert "Ini sudah didaftarkan: MPM-000001." in page
    assert 'value="Dusun Rekaan"' in page


def test_a_new_family_says_how_many_it_is(here: Flask) -> None:
    operator = Person(here, "village_operator")
    page = operator.send("/updates/new", 422, **desk_form(**{"answer-persons": ""}))
    assert "Keluarga baru perlu jumlah anggotanya." in page
    operator.send("/updates/new", **desk_form(kind="change", nik=nik(1), **{"answer-persons": ""}))


def test_a_form_with_a_row_per_person_lists_the_members(tmp_path) -> None:
    ws = make_workspace(tmp_path / "orang", write_boundary(tmp_path / "desa.geojson", DESA))
    row = {"kode_kemendagri": HERE, "id_keluarga_p3ke": "K1", "nik": nik(1), "nama_lengkap": "Nama Rekaan 1",
           "desil_kesejahteraan": "1", "usia_2023": "40", "pendidikan": "Tamat SD/sederajat",
           "jns_lantai": "Tanah"}  # fmt: skip
    ingest(ws, write_csv(tmp_path / "p3ke.csv", [row]), period="2023", form="p3ke2023")
    operator = Person(create_app(ws.root, testing=True), "village_operator")
    assert "Anggota keluarga satu per satu" in operator.see("/updates/new")
    typed = {name: text for name, text in desk_form().items() if not name.startswith("answer-")}
    assert "Keluarga baru perlu jumlah anggotanya." in operator.send("/updates/new", 422, **typed)
    members = {"person-1-name": "Nama Rekaan 9", "person-1-age": "41", "person-2-name": "Nama Rekaan 10"}
    operator.send("/updates/new", **typed, **members)
    assert case(ws, STAFF, 1).persons == 2


def test_there_is_no_field_for_the_decile(here: Flask) -> None:
    person = Person(here, "village_operator")
    page = person.see("/updates/new")
    assert "Tidak ada isian desil" in page
    assert 'name="answer-decile"' not in page
    person.send("/updates/new", **desk_form(**{"answer-decile": "1"}))
    assert "answer-decile" not in person.see("/updates/1")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_text(here: Flask, text: str) -> None:
    person = Person(here, "village_operator")
    person.send("/updates/new", **desk_form(kind="objection", name=text, address=text, reason=text))
    page = person.send("/updates/1/identity", purpose="registration")
    assert text not in page or "<" not in text
    assert "<script>window" not in page
    assert str(73 * 97) not in page
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert shown in page


def test_an_identity_is_read_for_a_purpose_and_recorded(here: Flask, walk, place) -> None:
    one = walk.register(number=1)
    verifier = Person(here, "verifier")
    assert "Nama Rekaan 1" not in verifier.see(f"/updates/{one.id}")
    before = events(place)
    page = verifier.send(f"/updates/{one.id}/identity", purpose="verification")
    assert "Nama Rekaan 1" in page
    assert nik(1) not in page
    assert events(place) > before
    verifier.send(f"/updates/{one.id}/identity", 400, purpose="curiosity")
    Person(here, "camat").send(f"/updates/{one.id}/identity", 403, purpose="verification")


@pytest.mark.parametrize("role", ["facilitator", "camat", "tkpk_chair", "admin"])
def test_nobody_is_named_to_who_may_not_read_identities(here: Flask, walk, role: str) -> None:
    one = walk.on(walk.register(number=2), "submitted")
    person = Person(here, role)
    for path in ("/updates", "/updates?state=submitted", f"/updates/{one.id}", "/updates/lists"):
        page = person.see(path)
        for secret in (nik(2), "Nama Rekaan 2", nik(2).replace("9901", "9902")):
            assert secret not in page
    assert "Lihat identitas" not in person.see(f"/updates/{one.id}")


def test_a_case_of_another_area_looks_like_none(here: Flask, walk, place) -> None:
    far = walk.register(number=1, area=THERE)
    person = Person(here, "village_operator")
    bodies = []
    for number in (far.id, 4711):
        page = person.see(f"/updates/{number}", 404)
        bodies.append(re.sub(r"<code>\w+</code>|MPM-\d+|/updates/\d+", "", page))
    assert bodies[0] == bodies[1]
    assert "MPM-000001" not in person.see("/updates")
    assert "MPM-000001" not in person.see(f"/updates?q={far.id}")
    assert "MPM-000001" not in person.see(f"/updates?area={THERE}")
    verifier = Person(here, "verifier")
    for path in ("visit", "papers"):
        verifier.send(f"/updates/{far.id}/{path}", 404, version="1", result="finished", visited_on="2026-03-02")
    assert state(place, far.id) == "registered"


def test_filters_stay_in_the_address(here: Flask, walk) -> None:
    walk.register(number=1)
    walk.register("objection", number=2)
    page = Person(here, "social_office").see("/updates?kind=objection&state=registered&q=")
    assert "MPM-000002" in page
    assert "MPM-000001" not in page
    assert re.search(r'href="/updates\?state=matched&amp;kind=objection"', page)
    for q in ("MPM-000001", "1", " mpm 1 "):
        assert "MPM-000001" in Person(here, "social_office").see(f"/updates?q={q}")
    assert "cocok dengan saringan" in Person(here, "social_office").see("/updates?q=x' OR 1=1")
    for other in ("stale=1", "area=12.05.02.2003", "kind=leave", "state=refused"):
        assert "MPM-000001" not in Person(here, "social_office").see(f"/updates?q=1&{other}")


def test_a_long_queue_is_paged(here: Flask, walk) -> None:
    for number in range(27):
        walk.register(number=1 + number % 5, persons=str(1 + number // 5))
    person = Person(here, "social_office")
    assert person.see("/updates").count('<th scope="row">') == 25
    assert person.see("/updates?page=2").count('<th scope="row">') == 2
    assert "Tugas saya <b>27</b>" in person.see("/updates")


def test_each_row_has_one_button_for_the_role(here: Flask, walk) -> None:
    one = walk.register(number=1)
    assert "Cocokkan</a>" in Person(here, "social_office").see("/updates")
    assert "Cocokkan" not in Person(here, "verifier").see("/updates")
    walk.on(one, "listed")
    assert "Catat kunjungan</a>" in Person(here, "verifier").see("/updates")
    walk.on(one, "deliberated")
    assert "Ajukan</a>" in Person(here, "camat").see("/updates")


def test_registry_and_proposal_stand_side_by_side(here: Flask, walk) -> None:
    one = walk.on(walk.register(number=1, floor="8", persons="6"), "matched")
    page = Person(here, "social_office").see(f"/updates/{one.id}")
    row = page[page.index("Jumlah anggota") :].split("</tr>")[0]
    assert "<td>4</td>" in row
    assert "6" in row
    assert "berubah" in row
    house = page[page.index("Rumah belum layak huni") :].split("</tr>")[0]
    assert "tidak kurang" in house
    assert "kurang" in house


def test_a_stale_case_says_what_to_do(here: Flask, walk, place, tmp_path) -> None:
    one = walk.on(walk.register(number=1), "matched")
    ingest(place, write_csv(tmp_path / "baru.csv", [family(n, desil=str(n)) for n in range(1, 5)]), period="2026")
    person = Person(here, "social_office")
    assert "Potret data terpadu yang lebih baru" in person.see(f"/updates/{one.id}")
    assert one.number in person.see("/updates?stale=1")
    assert "kedaluwarsa" in person.see("/updates")


def take(place: Any, person: Person, case_id: int, action: str, status: int = 200) -> str:
    return person.send(f"/updates/{case_id}/step/{action}", status, version=version(place, case_id))


def test_open_cases_of_one_family_stand_side_by_side(here: Flask, walk) -> None:
    first = walk.register("objection", number=1)
    second = walk.on(walk.register(number=1), "matched")
    page = Person(here, "social_office").see(f"/updates/{second.id}")
    beside = page[page.index("Dugaan ganda") :]
    assert first.number in beside
    assert "Sanggahan" in beside
    assert nik(1) not in page


def test_match_list_submit_approve(here: Flask, walk, place) -> None:
    """Each step of one case by its button; each leaves a line in the trail."""
    one = walk.register(number=1)
    office, before = Person(here, "social_office"), events(place)
    assert "sudah dicocokkan" in take(place, office, one.id, "match")
    assert "masuk daftar verifikasi" in take(place, office, one.id, "list")
    assert events(place) >= before + 2
    walk.on(one, "deliberated")
    assert "sudah diajukan" in take(place, Person(here, "camat"), one.id, "submit")
    assert "disetujui orang pertama" in take(place, Person(here, "tkpk_chair"), one.id, "approve")
    assert state(place, one.id) == "submitted"
    take(place, office, one.id, "nothing", 404)


def test_a_step_of_the_wrong_role_or_state_changes_nothing(here: Flask, walk, place) -> None:
    one = walk.register(number=1)
    take(place, Person(here, "verifier"), one.id, "match", 403)
    take(place, Person(here, "camat"), one.id, "submit", 422)
    assert state(place, one.id) == "registered"


def test_several_at_once(here: Flask, walk, place) -> None:
    ids = [walk.on(walk.register(number=n), "matched").id for n in (1, 2)]
    office = Person(here, "social_office")
    page = office.see("/updates?state=matched")
    assert page.count('name="case"') == 2
    before = events(place)
    page = office.send("/updates/together/list", case=[f"{one}:1" for one in ids])
    assert "2 usulan masuk daftar verifikasi." in page
    assert events(place) > before
    page = office.send("/updates/together/list", case=[str(ids[0])])
    assert "Tidak ada usulan yang berubah" in page
    assert "Pilih paling sedikit satu" in office.send("/updates/together/list")
    office.send("/updates/together/nothing", 404)


def test_somebody_faster_is_shown_and_nothing_typed_is_lost(here: Flask, walk, place) -> None:
    one = walk.on(walk.register(number=1), "listed")
    seen = version(place, one.id)
    walk.on(one, "visited")
    page = Person(here, "verifier").send(
        f"/updates/{one.id}/visit", 409, version=seen, result="not_found", visited_on="2026-03-02",
        note="Rumah kosong <b>dua</b> kali", **{"answer-persons": "7"},
    )  # fmt: skip
    assert "Orang lain lebih dahulu" in page
    assert "Rumah kosong &lt;b&gt;dua&lt;/b&gt; kali" in page
    assert "Keluarga tidak ditemukan" in page
    assert "verifikator" in page
    assert f'name="version" value="{version(place, one.id)}"' in page
    assert 'name="answer-persons" value="7"' in page
    assert case(place, STAFF, one.id).case.result == "finished"


def test_a_visit_with_photo_and_answers(here: Flask, walk, place) -> None:
    one = walk.on(walk.register(number=1), "listed")
    verifier, before = Person(here, "verifier"), events(place)
    page = verifier.send(
        f"/updates/{one.id}/visit", version=version(place, one.id), result="finished", visited_on="2026-03-02",
        note="Empat orang", photo=(io.BytesIO(PAPER), "foto.pdf"), **{"answer-floor": "8"},
    )  # fmt: skip
    assert f"Kunjungan {one.number} tercatat." in page
    assert "Dikunjungi: selesai didata" in page
    assert "2 Mar 2026" in page
    assert events(place) >= before + 2
    found = case(place, STAFF, one.id)
    assert found.answers["floor"] == "8"
    paper = verifier.client.get(f"/updates/papers/{found.attachments[0].id}")
    assert paper.data == PAPER
    assert paper.headers["Content-Disposition"].startswith("attachment")
    other = Person(here, "verifier", "12.05.02.2003")
    assert other.client.get(f"/updates/papers/{found.attachments[0].id}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"result": ""}, "Pilih hasil kunjungan."), ({"visited_on": "kemarin"}, "Isi tanggal kunjungan."),
     ({"visited_on": "2999-01-01"}, "belum tiba"), ({"answer-persons": "banyak"}, "Ada jawaban yang belum benar."),
     ({"photo": (io.BytesIO(b"MZ not a picture"), "foto.jpg")}, "Lampiran harus gambar")],
)  # fmt: skip
def test_a_visit_that_is_refused_keeps_what_was_typed(here: Flask, walk, place, changes: Any, said: str) -> None:
    one = walk.on(walk.register(number=1), "listed")
    typed = {"result": "moved", "visited_on": "2026-03-02", "note": "Kata tetangga pindah", **changes}
    page = Person(here, "verifier").send(
        f"/updates/{one.id}/visit", 422, version=version(place, one.id), **typed
    )  # fmt: skip
    assert said in page
    assert "Kata tetangga pindah" in page
    assert state(place, one.id) == "listed"


def test_a_paper_is_added_to_a_case(here: Flask, walk, place) -> None:
    one, operator = walk.register(number=1), Person(here, "village_operator")
    before = events(place)
    page = operator.send(f"/updates/{one.id}/papers", file=(io.BytesIO(PAPER), "../../kk.pdf"))
    assert "Dokumen tersimpan." in page
    assert events(place) > before
    assert "Pilih sebuah berkas." in operator.send(f"/updates/{one.id}/papers", 422)
    assert "Lampiran harus" in operator.send(f"/updates/{one.id}/papers", 422, file=(io.BytesIO(b"GIF89a"), "x.gif"))


def minutes(one: int, **changes: Any) -> dict[str, Any]:
    typed = {
        "area": HERE, "held_on": "2026-03-09", "place": "Balai desa", "present-women": "4", "case": str(one),
        f"decision-{one}": "agree", "scan": (io.BytesIO(PAPER), "ba.pdf"),
    }  # fmt: skip
    return {name: value for name, value in {**typed, **changes}.items() if value is not None}


def test_a_meeting_is_recorded(here: Flask, walk, place) -> None:
    one = walk.on(walk.register(number=1), "visited")
    facilitator, before = Person(here, "facilitator"), events(place)
    assert "Desa 2001" in facilitator.see("/updates/meeting")
    page = facilitator.see(f"/updates/meeting?area={HERE}")
    assert one.number in page
    assert "Cetak berita acara kosong" in page
    blank = facilitator.client.get(f"/updates/meeting.pdf?area={HERE}")
    assert blank.data.startswith(b"%PDF")
    assert facilitator.client.get("/updates/meeting.pdf?area=12.05.02.2003").status_code == 404
    page = facilitator.send("/updates/meeting", **minutes(one.id))
    assert "Musyawarah Desa 2001 tercatat untuk 1 usulan." in page
    assert events(place) >= before + 2
    page = facilitator.see(f"/updates/{one.id}")
    assert "Berita acara" in page
    printed = facilitator.client.get("/updates/meetings/1.pdf")
    assert printed.data.startswith(b"%PDF")
    assert facilitator.client.get("/updates/meetings/9.pdf").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"place": ""}, "Wajib diisi."), ({"scan": None}, "Lampirkan berita acara"),
     ({"decision": None}, "Pilih keputusan untuk usulan ini."),
     ({"decision": "reject"}, "Pilih alasan tidak disepakati."),
     ({"present-women": "banyak"}, "jumlah orang dengan angka"),
     ({"present-women": "0"}, "pasti ada yang hadir"),
     ({"held_on": "2999-01-01"}, "belum tiba"), ({"scan": (io.BytesIO(b"MZ"), "ba.pdf")}, "Lampiran harus")],
)  # fmt: skip
def test_minutes_that_are_refused_keep_what_was_typed(here: Flask, walk, place, changes: Any, said: str) -> None:
    one = walk.on(walk.register(number=1), "visited")
    if "decision" in changes:
        changes = {f"decision-{one.id}": changes["decision"]}
    page = Person(here, "facilitator").send(
        "/updates/meeting", 422, **minutes(one.id, remarks="Musyawarah lancar", **changes)
    )  # fmt: skip
    assert said in page
    assert "Musyawarah lancar" in page
    assert state(place, one.id) == "visited"


def test_a_case_goes_back_with_a_reason(here: Flask, walk, place) -> None:
    chair = Person(here, "tkpk_chair")
    for number, action, after in ((1, "return", "returned"), (2, "refuse", "refused")):
        one = walk.on(walk.register(number=number), "submitted")
        page = chair.send(f"/updates/{one.id}/back", 422, version=version(place, one.id), action=action, reason=" ")
        assert "Tulis alasannya." in page
        before = events(place)
        page = chair.send(f"/updates/{one.id}/back", version=version(place, one.id), action=action, reason="Foto buram")
        assert "Foto buram" in page
        assert events(place) > before
        assert state(place, one.id) == after
    chair.send(f"/updates/{one.id}/back", 404, version="1", action="nothing", reason="x")


def test_what_nobody_found_is_offered_for_refusal_and_not_for_approval(here: Flask, walk, place) -> None:
    one = walk.on(walk.register(number=1), "submitted", result="not_found")
    page = Person(here, "tkpk_chair").see("/updates?state=submitted")
    assert "Setujui" not in page
    assert "Tolak</a>" in page
    assert "tidak dapat diterima" in Person(here, "tkpk_chair").see(f"/updates/{one.id}")


def test_what_the_meeting_rejected_cannot_be_approved(here: Flask, walk, place) -> None:
    one = walk.on(walk.register(number=1), "submitted", decision=Decision(decision="reject", reason="better_off"))
    page = Person(here, "tkpk_chair").see(f"/updates/{one.id}")
    assert "Musyawarah tidak menyepakati usulan ini." in page
    assert "Setujui" not in page
    assert "tidak menyepakati" in take(place, Person(here, "tkpk_chair"), one.id, "approve", 422)


def test_the_second_person_writes_the_next_snapshot(here: Flask, walk, place) -> None:
    one = walk.on(walk.register(number=1, persons="6"), "submitted")
    office, chair = Person(here, "social_office"), Person(here, "tkpk_chair")
    take(place, office, one.id, "approve")
    assert one.number not in office.see("/updates/accept")
    office.send("/updates/accept", 422, case=str(one.id), period="2026")
    assert one.number in chair.see("/updates/accept")
    assert "Pilih paling sedikit satu" in chair.send("/updates/accept", 422, period="2026")
    chair.see("/updates/accepted", 404)
    before = events(place)
    page = chair.send("/updates/accept", case=str(one.id), period="2026")
    assert "1 usulan diterima." in page
    assert "gisapp run --period 2026" in page
    assert re.search(r"<strong>1</strong><span>berubah", page)
    assert events(place) > before
    assert latest_snapshot(place).period == "2026"
    assert state(place, one.id) == "accepted"


def test_a_period_before_the_newest_is_refused(here: Flask, walk) -> None:
    one = walk.on(walk.register(number=1, persons="6"), "approved")
    page = Person(here, "tkpk_chair").send("/updates/accept", 422, case=str(one.id), period="2024")
    assert 'value="2024"' in page
    assert 'class="notice bad"' in page


def test_lists_leave_as_workbook_and_as_paper(here: Flask, walk, place) -> None:
    walk.on(walk.register(number=1), "listed")
    verifier = Person(here, "verifier")
    assert "DSV-00001" in verifier.see("/updates/lists")
    before = events(place)
    for kind, start in (("xlsx", b"PK"), ("pdf", b"%PDF"), ("forms", b"%PDF")):
        answer = verifier.client.get(f"/updates/lists/1.{kind}")
        assert answer.data.startswith(start), kind
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "no-store"
    assert events(place) >= before + 3
    for path in ("/updates/lists/1.exe", "/updates/lists/7.pdf"):
        verifier.see(path, 404)
    Person(here, "verifier", "12.05.02.2003").see("/updates/lists/1.pdf", 404)
    Person(here, "camat").see("/updates/lists/1.pdf", 403)


def test_a_filled_list_is_read_back(here: Flask, walk, place, tmp_path) -> None:
    from openpyxl import load_workbook

    one = walk.on(walk.register(number=1), "listed")
    verifier = Person(here, "verifier")
    book = load_workbook(io.BytesIO(verifier.client.get("/updates/lists/1.xlsx").data))
    sheet = book.worksheets[0]
    heading = next(row for row in sheet.iter_rows() if any(cell.value == "no_usulan" for cell in row))
    places = {cell.value: cell.column for cell in heading}
    sheet.cell(heading[0].row + 1, places["hasil"], "selesai")
    sheet.cell(heading[0].row + 1, places["tanggal"], "2026-03-02")
    filled = io.BytesIO()
    book.save(filled)
    before = events(place)
    page = verifier.send("/updates/lists/filled", file=(io.BytesIO(filled.getvalue()), "terisi.xlsx"))
    assert "kunjungan tercatat" in page
    assert events(place) > before
    assert state(place, one.id) == "visited"
    assert 'class="notice bad"' in verifier.send("/updates/lists/filled", 422, file=(io.BytesIO(b"x"), "x.xlsx"))
    assert "Pilih sebuah berkas." in verifier.send("/updates/lists/filled", 422)


BATCH = (
    "jenis;kode_desa;nama;nik;no_kk;alasan;jumlah_anggota\r\n"
    f"baru;{HERE};Nama Rekaan 21;{NEW}0021;9902010101900021;;4\r\n"
    f"baru;99.99.99.9999;=HYPERLINK(1);{NEW}0022;9902010101900022;;4\r\n"
    f"entah;{HERE};Nama Rekaan 23;{NEW}0023;9902010101900023;;4\r\n"
)


def test_a_batch_hands_back_what_it_refuses(here: Flask, place) -> None:
    operator, before = Person(here, "village_operator"), events(place)
    page = operator.send("/updates/batch", file=(io.BytesIO(BATCH.encode()), "pendaftaran.csv"))
    assert "<strong>3</strong>" in page
    assert "<strong>1</strong>" in page
    assert "<strong>2</strong>" in page
    assert NEW not in page
    assert events(place) > before
    path = re.search(r'href="(/updates/batch/[^"]+)"', page)[1]
    back = operator.client.get(path)
    text = back.data.decode("utf-8-sig")
    assert "alasan_ditolak" in text
    assert NEW + "0021" not in text
    assert NEW + "0023" in text
    assert "=HYPERLINK" not in text.replace("'=HYPERLINK", "")
    assert Person(here, "village_operator", THERE).client.get(path).status_code == 404
    again = text.replace("entah", "baru").splitlines()
    good = "\r\n".join(line for line in again if "HYPERLINK" not in line)
    page = operator.send("/updates/batch", file=(io.BytesIO(good.encode()), "perbaikan.csv"))
    assert "Semua baris diterima." in page
    assert len(cases(place, STAFF)) == 2


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02", b"nama;alamat\r\nx;y\r\n", b"jenis;kode_desa;nama;desil_x\r\n"])
def test_a_batch_that_is_none_is_refused(here: Flask, place, body: bytes) -> None:
    page = Person(here, "village_operator").send("/updates/batch", 422, file=(io.BytesIO(body), "x.csv"))
    assert 'class="notice bad"' in page
    assert cases(place, STAFF) == []


def test_where_to_look_first_without_a_population_says_so(here: Flask) -> None:
    assert "Belum ada tabel penduduk" in Person(here, "camat").see("/updates/where-first")


def test_a_list_upward_is_written_for_a_purpose(here: Flask, walk, place) -> None:
    walk.on(walk.register(number=1), "submitted")
    office, before = Person(here, "social_office"), events(place)
    token = re.search(r'name="csrf_token" value="([^"]+)"', office.see("/updates/upward"))[1]
    for kind, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        fields = {"period": "2025", "purpose": "upward", "kind": kind, "csrf_token": token}
        answer = office.client.post("/updates/upward", data=fields)
        assert answer.status_code == 200
        assert answer.data.startswith(start) or b"kode_desa" in answer.data[:200]
    assert events(place) >= before + 2
    assert "Pilih salah satu." in office.send("/updates/upward", 422, period="1999", purpose="upward", kind="csv")


def test_a_set_for_an_end_user_leaves_no_names(tmp_path) -> None:
    ws = make_workspace(tmp_path / "akhir", write_boundary(tmp_path / "desa.geojson", DESA))
    kept = Provenance(bast_number="1/2025", received_from="Pusat", purpose="Uji", permitted_use="end_user")
    ingest(ws, write_csv(tmp_path / "k.csv", [family(1)]), period="2025", provenance=kept)
    page = Person(create_app(ws.root, testing=True), "social_office").send(
        "/updates/upward", 403, period="2025", purpose="upward", kind="csv"
    )  # fmt: skip
    assert 'class="notice bad"' in page
