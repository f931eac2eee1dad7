"""Certificates, made per server name as clients ask: trusted, of an unknown authority, expired, of another name."""

from __future__ import annotations

import datetime
import ssl
from functools import cache

import trustme

from lab.home import lab_home


@cache
def authority() -> trustme.CA:
    """The lab's own authority, kept in its home: the base images trust it."""
    folder = lab_home() / "pki"
    folder.mkdir(exist_ok=True)
    certificate, key = folder / "ca.pem", folder / "ca.key"
    if not certificate.exists():
        made = trustme.CA(organization_name="Lab", organization_unit_name="Diagnoser lab")
        key.write_bytes(made.private_key_pem.bytes())
        certificate.write_bytes(made.cert_pem.bytes())
    return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())


def server_context(kind: str) -> ssl.SSLContext:
    """A TLS context that shows a certificate of `kind` for whatever name the client asks for."""

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        connection.context = _context(kind, name or "localhost")

    context = _context(kind, "localhost")
    context.sni_callback = choose
    return context


@cache
def _context(kind: str, name: str) -> ssl.SSLContext:
    issuer = trustme.CA(organization_name="Acme TLS inspection") if kind == "unknown-authority" else authority()
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=30)
    shown = "other.acme.test" if kind == "wrong-name" else name
    certificate = issuer.issue_cert(shown, not_after=past) if kind == "expired" else issuer.issue_cert(shown)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
