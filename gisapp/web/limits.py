"""How often one address may try to log in, and one user may change something; counted in this process's memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, current_app, request
from flask_limiter import ApplicationLimit, Limiter
from flask_limiter.util import get_remote_address

LOGIN_RATE: Final = "30 per minute"
WRITE_RATE: Final = "240 per minute"

View = TypeVar("View", bound=Callable[..., Any])


def _who() -> str:
    from gisapp.web.auth import current_user

    user = current_user()
    return f"user {user.id}" if user is not None else f"address {get_remote_address()}"


def limit_login(view: View) -> View:
    """Mark a view that takes passwords: it is held to ``LOGIN_RATE`` by address."""
    view.__dict__["takes_password"] = True
    return view


def _reads() -> bool:
    return request.method in ("GET", "HEAD", "OPTIONS")


def _no_password() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return _reads() or not getattr(view, "takes_password", False)


def register(app: Flask) -> None:
    """Count every request that changes something; answers 429 beyond the rate. Tests turn it on where they mean it."""
    app.config.setdefault("RATELIMIT_ENABLED", not app.testing)
    Limiter(
        get_remote_address,
        app=app,
        storage_uri="memory://",
        application_limits=[
            ApplicationLimit(LOGIN_RATE, scope="login", exempt_when=_no_password),
            ApplicationLimit(WRITE_RATE, scope="write", key_function=_who, exempt_when=_reads),
        ],
    )
