"""A workspace with desa that takes files in by browser, and what its pages are asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from gisapp.jobs.status import JobStatus
from gisapp.web.registry.jobs import queue_of

LONG_S = 60.0

LogIn = Callable[..., FlaskClient]

KODE = ("12.05.01.2001", "12.05.01.2002")


def write_boundary(path: Path) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"kode": kode, "nama": f"Desa {kode[-4:]}"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 3.5], [x + 0.1, 3.5], [x + 0.1, 3.6], [x, 3.6], [x, 3.5]]],
            },
        }
        for kode, x in zip(KODE, (98.0, 98.1), strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def nik(number: int) -> str:
    return f"990101010170{number // 9 * 10 + number % 9 + 1:04d}"


def family(number: int, **changes: str) -> dict[str, str]:
    return {
        "kode_desa": KODE[0], "no_kk": nik(number).replace("9901", "9902", 1), "nik": nik(number),
        "nama_kepala_keluarga": f"Nama Rekaan {number}", "alamat": "Dusun Rekaan", "jumlah_anggota": "4",
        "desil": "1", "lintang": f"{3.51 + number * 1e-4:.4f}", "bujur": f"{98.01 + number * 1e-4:.4f}",
        "kd_sumber_air_minum": "4", "kd_pkh": "1", **changes,
    }  # fmt: skip


def csv_of(rows: list[dict[str, str]], *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    lines = [separator.join(rows[0]), *(separator.join(row.values()) for row in rows)]
    return ("\n".join(lines) + "\n").encode(encoding)


def token_of(client: FlaskClient) -> str:
    page = client.get("/account").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


_MULTIPART = "multipart/form-data; boundary=garis"


def _multipart(fields: dict[str, str], name: str, body: bytes) -> bytes:
    """A form with one file, as a browser sends it; the test client would leave a large one open."""
    parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    quoted = name.replace("%", "%25").replace('"', "%22").replace("\n", "%0A")
    parts.append(f'Content-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'.encode() + body)
    return b"".join(b"--garis\r\n" + part + b"\r\n" for part in parts) + b"--garis--\r\n"


@dataclass
class Office:
    """Somebody of the social office at the pages of one application."""

    app: Flask
    client: FlaskClient

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.client.post(path, data={"csrf_token": token_of(self.client), **(data or {})}, **more)

    def send(self, content: bytes | Path, name: str = "keluarga.csv", **said: str) -> Any:
        body = content.read_bytes() if isinstance(content, Path) else content
        fields = {"csrf_token": token_of(self.client), "period": "2025", **said}
        return self.client.post("/admin/intake", data=_multipart(fields, name, body), content_type=_MULTIPART)

    def preview_of(self, content: bytes | Path, name: str = "keluarga.csv", **said: str) -> str:
        """Address of the preview of a file that was sent."""
        response = self.send(content, name, **said)
        assert response.status_code == 303, response.get_data(as_text=True)
        return str(response.location)

    def take_in(self, content: bytes | Path, name: str = "keluarga.csv", **said: str) -> JobStatus:
        """Send, look, start and wait for the end of the job."""
        preview = self.preview_of(content, name, **said)
        assert self.client.get(preview).status_code == 200
        return self.start(preview)

    def start(self, preview: str) -> JobStatus:
        job = self.post(f"{preview}/start").location.rpartition("/")[2]
        return queue_of(self.app).wait(job, LONG_S)
