"""The portable map: one HTML file drawn by folium's map and our own script, opened from a stick with no internet.

Nothing is loaded from anywhere: Leaflet, styles and data stand inside. Data stand in a JSON block, never in script or
markup; a policy in the page allows only the scripts that are in it, by their hashes, and no request at all.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import folium
import orjson
from branca.element import Figure
from jinja2 import Template

_HERE = Path(__file__).parent
_COMMENT_LINK = re.compile(r"https?://leafletjs\.com/?")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_CSS_URL = re.compile(r"url\([^)]*\)|/\*.*?\*/", re.DOTALL)

#: Name instead of folium's random one, so that the same run gives the same bytes.
_ELEMENT = "gisapp"


class _Page(Figure):  # type: ignore[misc]  # branca ships no types
    """Folium's page with our own frame: language, escaped title, policy, no foreign file."""

    _template = Template((_HERE / "portable.html").read_text(encoding="utf-8"))

    def __init__(self, manifest: Mapping[str, Any], data: str, style: str, scripts: tuple[str, ...]) -> None:
        super().__init__()
        self._id = _ELEMENT
        self.header._children.clear()
        self.manifest, self.data, self.style, self.scripts = manifest, data, style, scripts
        self.title = f"{manifest['district']['name']} · {manifest['words']['pockets']}"
        self.drawing = self.policy = ""

    def render(self, **kwargs: Any) -> str:
        """Render the map first, because the policy names the hash of every script."""
        for child in self._children.values():
            child.render(**kwargs)
        self.drawing = str(self.script.render(**kwargs))
        hashes = " ".join(f"'sha256-{_sha256(text)}'" for text in (*self.scripts, self.drawing))
        self.policy = (
            f"default-src 'none'; script-src {hashes}; style-src 'sha256-{_sha256(self.style)}'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        )
        return str(self._template.render(this=self, kwargs=kwargs))


class _OfflineMap(folium.Map):  # type: ignore[misc]  # folium ships no types
    """Folium's map without its ten files from foreign hosts."""

    default_js: tuple[tuple[str, str], ...] = ()
    default_css: tuple[tuple[str, str], ...] = ()
    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="folium-map" id={{ this.get_name()|tojson }}></div>{% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
          center: {{ this.location|tojson }}, zoom: 9, zoomSnap: 0.25, attributionControl: false, maxZoom: 16
        });
        L.control.scale({imperial: false}).addTo({{ this.get_name() }});
        gisappPortable({{ this.get_name() }});
        {% endmacro %}
        """
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def safe_json(document: Any) -> str:
    """JSON that cannot end a script block: every <, >, & and line separator is written as an escape."""
    text = orjson.dumps(document).decode()
    for character in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _leaflet(vendor: Path) -> tuple[str, str]:
    """Script and style of Leaflet without links to its site, source map and picture files."""
    script = (vendor / "leaflet" / "leaflet.js").read_text(encoding="utf-8")
    style = (vendor / "leaflet" / "leaflet.css").read_text(encoding="utf-8")
    script = _COMMENT_LINK.sub("leafletjs.com", _SOURCE_MAP.sub("", script))
    return script, _CSS_URL.sub(lambda found: "none" if found[0].startswith("url") else "", style)


def portable_map(
    manifest: Mapping[str, Any], layers: Mapping[str, Any], *, vendor: Path, focus: str | None = None
) -> str:
    """Return the HTML of a map that needs no network.

    Parameters
    ----------
    manifest, layers : as ``maps.manifest.map_manifest`` and ``maps.layers.map_layers`` make them.
    vendor : folder of the installed browser libraries (``static/vendor``).
    focus : id of the pocket to open at; the whole district where absent.

    """
    leaflet_js, leaflet_css = _leaflet(vendor)
    own_js = (_HERE / "portable.js").read_text(encoding="utf-8")
    style = leaflet_css + (_HERE / "portable.css").read_text(encoding="utf-8")
    data = safe_json({"manifest": manifest, "layers": layers, "focus": focus})
    page = _Page(manifest, data, style, (leaflet_js, own_js))
    bounds = manifest["bounds"]
    middle = [0.0, 118.0] if bounds is None else [sum(pair) / 2 for pair in zip(*bounds, strict=True)]
    drawing = _OfflineMap(location=middle, tiles=None)
    drawing._id = _ELEMENT
    page.add_child(drawing)
    return str(page.render())
