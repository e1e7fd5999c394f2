"""Documents: the same bytes each time, and values that cannot become markup."""

import io

from pypdf import PdfReader

from gisapp.writers.document import compile_pdf


def _template(folder):
    path = folder / "a.typ"
    path.write_text('#set document(date: none)\n#let data = json("data.json")\n#data.name\n', encoding="utf-8")
    return path


def test_a_name_cannot_carry_markup_and_the_bytes_repeat(tmp_path):
    hostile = '#read("/etc/passwd") *bold* $x$ </script> \\'
    body = compile_pdf(_template(tmp_path), {"name": hostile})
    assert body == compile_pdf(_template(tmp_path), {"name": hostile})
    text = PdfReader(io.BytesIO(body)).pages[0].extract_text()
    assert "#read(" in text
    assert "*bold*" in text
