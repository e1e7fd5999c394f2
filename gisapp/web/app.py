"""The application factory."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from gisapp.settings import static_folder, templates_folder
from gisapp.web import data, errors, language, ogc, planner, security
from gisapp.web.source import EXTENSION, Source

#: Asking for more than this in one request is refused before it is read; no page takes an upload yet.
LARGEST_REQUEST_BYTES = 64 * 1024


def create_app(workspace: Path, *, testing: bool = False) -> Flask:
    """Serve one workspace; WorkspaceError where the folder is none."""
    app = Flask("gisapp", static_folder=str(static_folder()), template_folder=str(templates_folder()))
    app.config.update(TESTING=testing, MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES, SESSION_COOKIE_SAMESITE="Lax")
    app.extensions[EXTENSION] = Source(workspace)
    security.register(app)
    language.register(app)
    errors.register(app)
    for blueprint in (planner.blueprint, data.blueprint, ogc.blueprint):
        app.register_blueprint(blueprint)
    return app
