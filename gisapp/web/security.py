"""The headers that every response carries, also errors and downloads."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response

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
    return response


def register(app: Flask) -> None:
    """Guard every response of an app, and refuse foreign host names."""
    app.config["TRUSTED_HOSTS"] = TRUSTED_HOSTS
    app.after_request(add_headers)
