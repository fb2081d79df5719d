"""Encrypted calls: the certificate must belong to the name, although the address is pinned."""

from __future__ import annotations

import datetime as dt
import ssl
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.adapters.http import Limits, Outbound, Unreachable
from tests.adapters.http.receiver import answer, receiving

NAME = "hooks.example"
OK = answer(b"HTTP/1.1 204 No Content\r\n\r\n")
NOW = dt.datetime.now(dt.UTC)  # noqa: TID251  TLS looks at the machine's clock


@dataclass
class Authority:
    """A certificate authority made for the tests, and who trusts it."""

    folder: Path

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        certificate = self._certificate(self.name, self.key, days=1, authority=True)
        self.trust = ssl.create_default_context(cadata=_pem(certificate).decode())

    def serve(self, name: str, days: int = 1) -> ssl.SSLContext:
        """Return a server's context with a certificate for `name` that ends in so many days."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        file = self.folder / f"{name}.pem"
        file.write_bytes(_key(key) + _pem(self._certificate(subject, key, days, authority=False)))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _certificate(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: int, *, authority: bool
    ) -> x509.Certificate:
        name = subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        builder = (
            x509.CertificateBuilder(subject_name=subject, issuer_name=self.name, public_key=key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - dt.timedelta(days=2))
            .not_valid_after(NOW + dt.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if not authority:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([x509.DNSName(str(name))]), critical=False
            )
        return builder.sign(self.key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def calling(tls: ssl.SSLContext | None = None) -> Outbound:
    limits = Limits(connect=0.5, whole=1)
    return Outbound(allow_private=True, resolver=lambda _host: ["127.0.0.1"], tls=tls, limits=limits)


def failure(outbound: Outbound, port: int) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        outbound.post(f"https://{NAME}:{port}/", b"x", {})
    return caught.value


def test_name_and_host_are_the_ones_asked_for(authority: Authority) -> None:
    context = authority.serve(NAME)
    seen: list[str | None] = []
    context.sni_callback = lambda _sock, name, _context: seen.append(name)
    with receiving(OK, tls=context) as receiver:
        found = calling(authority.trust).post(f"https://{NAME}:{receiver.port}/", b"x", {})
    assert found.status == 204
    assert seen == [NAME]
    assert receiver.head["host"] == f"{NAME}:{receiver.port}"


@pytest.mark.parametrize(("name", "days"), [("other.example", 1), (NAME, -1)])
def test_a_certificate_for_another_name_or_past_its_end_is_refused(
    authority: Authority, name: str, days: int
) -> None:
    with receiving(OK, tls=authority.serve(name, days)) as receiver:
        error = failure(calling(authority.trust), receiver.port)
    assert error.code == "tls"
    assert "certificate verify failed" in error.detail
    assert receiver.requests == []


def test_an_authority_nobody_knows_is_refused(authority: Authority) -> None:
    with receiving(OK, tls=authority.serve(NAME)) as receiver:
        error = failure(calling(), receiver.port)
    assert error.code == "tls"


def test_a_receiver_without_tls_is_refused() -> None:
    with receiving(answer(b"HTTP/1.1 400 Plain\r\n\r\n"), hear=False) as receiver:
        error = failure(calling(), receiver.port)
    assert error.code in {"tls", "disconnected"}


def test_a_handshake_that_never_ends_times_out() -> None:
    with receiving(lambda _sock: time.sleep(1), hear=False) as receiver:
        error = failure(calling(), receiver.port)
    assert error.code == "connect_timeout"
