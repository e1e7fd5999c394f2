"""The headers that every response carries, also errors and downloads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

#: No inline script or style anywhere, no foreign host, no frame.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)

#: Names under which a server on this machine may be addressed; a foreign name bound to 127.0.0.1 is refused.
TRUSTED_HOSTS: Final = ["localhost", "127.0.0.1", "[::1]"]

_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def add_headers(response: Response) -> Response:
    """Set the security headers, and ``no-store`` on whatever did not choose its own caching."""
    for name, value in _HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    if request.endpoint != "static":
        response.vary.add("Cookie")
    return response


def register(app: Flask, hosts: Sequence[str] = ()) -> None:
    """Guard every response of an app, and refuse host names that are neither this machine's nor given."""
    app.config["TRUSTED_HOSTS"] = [*TRUSTED_HOSTS, *hosts]
    app.after_request(add_headers)


def protect_forms(app: Flask) -> None:
    """Ask a token of every request that is not GET; it lives as long as the session, since forms are filled slowly.

    The referrer is not asked for over https, because our own pages send none (``Referrer-Policy``).
    """
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    CSRFProtect(app)
