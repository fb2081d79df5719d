"""Which addresses are public.

`ipaddress.is_global` alone is not enough: it passes translated and embedded addresses behind which a private
IPv4 address may stand. Source of the ranges: IANA's special-purpose registries for IPv4 and IPv6.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # leaves out ::/96, mapped, NAT64, site-local, ULA, multicast

_REFUSED_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier NAT, and metadata services of some clouds
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host service: a public number that never leaves the host
        "169.254.0.0/16",  # link-local, metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

_REFUSED_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Tell whether an address in text form is reachable by, and only by, the public internet."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return ip.is_global and (_passes_4(ip) if isinstance(ip, IPv4Address) else _passes_6(ip))


def _passes_4(ip: IPv4Address) -> bool:
    return not any(ip in network for network in _REFUSED_4)


def _passes_6(ip: IPv6Address) -> bool:
    return ip.scope_id is None and ip in _GLOBAL_UNICAST and not any(ip in network for network in _REFUSED_6)
