"""The application factory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from gisapp.access.scrub import scrub_logs
from gisapp.access.secret import session_secret
from gisapp.jobs.queue import Builder
from gisapp.settings import static_folder, templates_folder
from gisapp.web import auth, errors, language, limits, security, shell
from gisapp.web.admin import account, publication
from gisapp.web.admin import views as admin
from gisapp.web.auth import Gate
from gisapp.web.ogc import views as ogc
from gisapp.web.planner import atlas, data, explore, scenarios
from gisapp.web.planner import views as planner
from gisapp.web.registry import duplicates, identity, intake, intake_work, jobs, lists
from gisapp.web.registry import views as registry
from gisapp.web.source import EXTENSION, Source
from gisapp.web.updates import views as updates
from gisapp.workspace.folder import Workspace

#: Asking for more than this in one request is refused before it is read.
#: An upload has its own room: its blueprint adds ``{endpoint: bytes}`` to ``app.config["UPLOAD_LIMITS"]``.
LARGEST_REQUEST_BYTES = 64 * 1024

BLUEPRINTS = (
    planner.blueprint, data.blueprint, explore.blueprint, scenarios.blueprint, ogc.blueprint, account.blueprint,
    admin.blueprint, publication.blueprint, intake.blueprint, jobs.blueprint, registry.blueprint, lists.blueprint,
    identity.blueprint, duplicates.blueprint, updates.blueprint, atlas.blueprint,
)  # fmt: skip


def create_app(
    workspace: Path, *, testing: bool = False, hosts: Sequence[str] = (), secure_cookies: bool = False
) -> Flask:
    """Serve one workspace; WorkspaceError where the folder is none, ConfigurationError for a weak secret.

    ``hosts`` are names beside this machine's own; ``secure_cookies`` keeps the session to https.
    """
    app = Flask("gisapp", static_folder=str(static_folder()), template_folder=str(templates_folder()))
    secret = session_secret(workspace)
    app.config.update(
        TESTING=testing, SECRET_KEY=secret, MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES, UPLOAD_LIMITS={},
        SESSION_COOKIE_NAME="gisapp", SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure_cookies,
    )  # fmt: skip
    scrub_logs()
    found = Source(workspace)
    app.extensions[EXTENSION] = found
    security.register(app, hosts)
    auth.register(app, Gate(workspace=found.workspace, secret=secret, demo=_demo(found, hosts)))
    limits.register(app)
    security.protect_forms(app)
    app.before_request(auth.refuse_nul)
    language.register(app)
    shell.register(app)
    errors.register(app)
    jobs.register(app, found.workspace.database, builders(found.workspace))
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _demo(found: Source, hosts: Sequence[str]) -> bool:
    return bool(found.workspace.settings.synthetic) and not hosts


def builders(workspace: Workspace) -> dict[str, Builder]:
    """Rebuilds every kind of job that the pages start."""
    return {
        intake_work.KIND: intake_work.builder(workspace.root),
        duplicates.KIND: duplicates.builder(workspace),
        atlas.KIND: atlas.builder(workspace),
    }
