"""Attachments: told by their bytes, stripped, encrypted, opened by those who may, and every opening recorded."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select

from gisapp.access.actors import Actor
from gisapp.errors import FileRefusedError, NotFoundError, PermissionRefusedError
from gisapp.registry.updates.attachments import LONGEST_NAME, attach, open_attachment, safe_name, withdraw
from gisapp.registry.updates.model import StepRefusedError
from gisapp.registry.updates.queue import case
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from tests.registry.updates.conftest import CHAIR, FACILITATOR, HERE, OPERATOR, STAFF, THERE

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(kind="JPEG", size=(40, 30), **more):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **more)
    return out.getvalue()


def with_gps():
    exif = Image.Exif()
    exif[0x010F] = "KAMERA RAHASIA"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif.tobytes())


@pytest.fixture
def added(five, walk):
    found = walk.register("change", 1, floor="8")

    def add(data, name="rumah.jpg", kind="photo", actor=OPERATOR, **place):
        return attach(five, actor, stream=io.BytesIO(data), filename=name, kind=kind,
                      **(place or {"case_id": found.id}))  # fmt: skip

    add.case_id = found.id
    return add


@pytest.mark.parametrize(("kind", "media"), [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_picture_comes_back_as_a_picture(five, added, kind, media):
    one = added(picture(kind), name="rumah.exe")
    assert (one.media_type, one.name) == (f"image/{media}", f"rumah.{media.replace('jpeg', 'jpg')}")
    opened = open_attachment(five, STAFF, one.id)
    assert Image.open(io.BytesIO(opened.body)).size == (40, 30)


def test_what_the_camera_wrote_is_gone(five, added):
    data = with_gps()
    assert b"KAMERA RAHASIA" in data
    opened = open_attachment(five, STAFF, added(data).id)
    assert b"KAMERA RAHASIA" not in opened.body
    assert not Image.open(io.BytesIO(opened.body)).getexif()


def test_a_pdf_stays_as_it_is(five, added):
    assert open_attachment(five, STAFF, added(PDF, "surat.pdf", "scan").id).body == PDF


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"), (b"GIF89a" + bytes(40), "attachment_kind"), (b"<svg onload=alert(1)>", "attachment_kind"),
        (b"MZ" + bytes(100), "attachment_kind"), (b"\xff\xd8\xff" + bytes(50), "attachment_damaged"),
        (picture()[:200], "attachment_damaged"), (b"%PDF-1.4 /JavaScript (x)", "attachment_active"),
        (b"\xff\xd8\xff" + bytes(10_000_001), "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_and_leaves_nothing(five, added, data, code):
    with pytest.raises(FileRefusedError) as refused:
        added(data)
    assert refused.value.code == code
    assert case(five, STAFF, added.case_id).attachments == ()
    assert list((five.root / "registry").glob("attachments/*")) == []


def test_a_bomb_is_not_unpacked(five, added):
    with pytest.raises(FileRefusedError) as refused:
        added(picture("PNG", size=(9000, 7000)))
    assert refused.value.code == "attachment_damaged"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../a", "a.jpg"), ("..\\..\\b.jpg", "b.jpg"), ("CON", "berkas CON.jpg"), ("nul.jpg", "berkas nul.jpg"),
        ("x" * 300 + ".jpg", "x" * LONGEST_NAME + ".jpg"), ("a\nb.jpg", "a_b.jpg"), ("a%00.jpg", "a_00.jpg"),
        ("a\x00.php.jpg", "a_.php.jpg"), ("", "lampiran.jpg"), ("....", "lampiran.jpg"),
    ],
)  # fmt: skip
def test_a_name_can_do_no_harm(given, kept):
    assert safe_name(given, "image/jpeg") == kept


def test_nothing_on_disk_says_whose_it_is(five, added):
    one = added(picture(), "Siti Rekaan 9901010101700012.jpg")
    assert one.name == "Siti Rekaan 9901010101700012.jpg"
    for path in five.root.rglob("*"):
        assert "Siti" not in path.name
        if path.is_file():
            assert b"Siti Rekaan" not in path.read_bytes()
    (file,) = (five.root / "registry" / "attachments").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes().startswith(b"GISV1")


def test_only_those_who_may_open_it_and_each_opening_is_recorded(five, added):
    one = added(picture())
    with pytest.raises(PermissionRefusedError):
        open_attachment(five, CHAIR, one.id)
    with pytest.raises(NotFoundError):
        open_attachment(five, Actor(name="lain", role="verifier", area=THERE), one.id)
    open_attachment(five, STAFF, one.id)
    with session(five.database, write=False) as db:
        events = list(db.scalars(select(AuditEvent).where(AuditEvent.action == "updates.open_attachment")))
    assert [(event.actor, event.subject) for event in events] == [("staf", f"attachment {one.id}")]


def test_minutes_are_seen_by_those_who_decide(five, added):
    one = added(PDF, "berita acara.pdf", "minutes", actor=FACILITATOR, area=HERE)
    assert open_attachment(five, CHAIR, one.id).body == PDF


def test_an_attachment_belongs_to_one_thing(five, added):
    with pytest.raises(StepRefusedError):
        added(PDF, case_id=added.case_id, area=HERE)
    with pytest.raises(StepRefusedError):
        added(PDF, kind="selfie")
    with pytest.raises(PermissionRefusedError):
        added(PDF, actor=Actor(name="x", role="viewer"))


def test_what_waited_for_a_meeting_that_was_refused_is_taken_back(five, added):
    waiting = added(PDF, "ba.pdf", "minutes", FACILITATOR, area=HERE)
    kept = added(picture())
    withdraw(five, STAFF, [waiting.id])
    assert open_attachment(five, STAFF, waiting.id).body == PDF
    withdraw(five, FACILITATOR, [waiting.id, kept.id])
    with pytest.raises(NotFoundError):
        open_attachment(five, STAFF, waiting.id)
    assert open_attachment(five, STAFF, kept.id).name == "rumah.jpg"
    assert len(list((five.root / "registry" / "attachments").iterdir())) == 1
