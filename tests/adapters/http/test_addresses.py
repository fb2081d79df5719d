"""Which addresses are public."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.http import is_public

REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.1.1
192.175.48.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808
64:ff9b:1::7f00:1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1
2001:db8::1 2002:7f00:1::1 2002:808:808::1 2620:4f:8000::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
fe80::1%eth0 2606:4700:4700::1111%eth0 fec0::1 ff02::1 ff0e::1
"""

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "168.63.129.17",
    "2606:4700:4700::1111",
    "2a00:1450:4001:800::200e",
]


@pytest.mark.parametrize("address", REFUSED.split())
def test_special_addresses_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_ordinary_addresses_pass(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "2130706433", "0x7f.1", "1.1.1.1/32", "[::1]"])
def test_what_is_no_address_is_refused(text: str) -> None:
    assert not is_public(text)


@given(address=st.ip_addresses(v=4))
def test_no_ipv6_form_lets_an_ipv4_address_through(address: IPv4Address) -> None:
    low = int(address)
    forms = [
        low,
        0xFFFF << 32 | low,
        0x64FF9B << 96 | low,
        0x2002 << 112 | low << 80,
        0x20010000 << 96 | ~low & 0xFFFFFFFF,
    ]
    assert not any(is_public(str(IPv6Address(form))) for form in forms)


@given(address=st.ip_addresses())
def test_nothing_passes_that_python_calls_private(address: IPv4Address | IPv6Address) -> None:
    assert address.is_global or not is_public(str(address))
