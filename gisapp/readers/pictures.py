"""Photos and scans brought from outside: told by their bytes, drawn anew without what a camera wrote into them."""

from __future__ import annotations

import io
import warnings
from typing import Literal

from gisapp.readers.guard import refuse

MediaType = Literal["image/jpeg", "image/png", "image/webp", "application/pdf"]

#: A picture with more pixels is a bomb or a poster; a phone's photo has up to 50 million.
MOST_PIXELS = 60_000_000

_MAGIC: tuple[tuple[bytes, MediaType], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_ACTIVE = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia")


def media_type_of(data: bytes) -> MediaType:
    """What a file is by its first bytes; FileRefusedError (code ``attachment_kind``) for anything else."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise refuse(
        "An attachment must be a JPEG, PNG or WebP picture or a PDF, whatever its name says.",
        "Lampiran harus gambar JPEG, PNG atau WebP, atau PDF, apa pun nama berkasnya.",
        code="attachment_kind",
    )


def clean_picture(data: bytes) -> tuple[bytes, MediaType]:
    """The bytes to keep and what they are: a picture is drawn anew, so that no EXIF, GPS or hidden text stays with it.

    A PDF is kept as it is, but one that runs something is refused.
    """
    kind = media_type_of(data)
    if kind == "application/pdf":
        if any(mark in data for mark in _ACTIVE):
            raise refuse(
                "This PDF holds scripts or files. Print it to a plain PDF first.",
                "PDF ini berisi skrip atau berkas lain. Cetak dahulu menjadi PDF biasa.",
                code="attachment_active",
            )
        return data, kind
    return _drawn_anew(data, kind), kind


def _drawn_anew(data: bytes, kind: MediaType) -> bytes:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=(_FORMATS[kind],)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise _damaged("has too many pixels", "terlalu besar pikselnya")
                upright = ImageOps.exif_transpose(picture)
                mode = "RGBA" if kind != "image/jpeg" and upright.mode in ("RGBA", "LA", "P") else "RGB"
                bare = Image.new(mode, upright.size)
                bare.paste(upright.convert(mode))
                out = io.BytesIO()
                bare.save(out, _FORMATS[kind], **({"quality": 88} if kind != "image/png" else {}))
                return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, EOFError, KeyError) as error:
        if getattr(error, "code", "") == "attachment_damaged":
            raise
        raise _damaged("cannot be read", "tidak terbaca") from error


def _damaged(en: str, id: str) -> Exception:
    return refuse(f"The picture {en}. Take another one.", f"Gambar {id}. Ambil yang lain.", code="attachment_damaged")
