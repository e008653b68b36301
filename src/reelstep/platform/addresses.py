"""Which hosts and addresses of strangers we may talk to. Pure: no name is resolved here.

Everything that is not plainly a public unicast address is refused, after the special-purpose
registries of IANA (RFC 6890 and its successors). Python's own `is_global` has changed between
versions, so it is asked as well and not instead.
"""

from __future__ import annotations

import re
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import cast

Address = IPv4Address | IPv6Address

_NOT_PUBLIC_4: tuple[IPv4Network, ...] = tuple(
    cast(IPv4Network, ip_network(network))
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the metadata services of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
#: What is given out at all; loopback, unique local (fc00::/7), link-local, site-local, multicast,
#: NAT64 (64:ff9b::/96) and IPv4-compatible addresses are outside of it.
_UNICAST_6 = cast(IPv6Network, ip_network("2000::/3"))
_NOT_PUBLIC_6: tuple[IPv6Network, ...] = tuple(
    cast(IPv6Network, ip_network(network))
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address of any kind is inside
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# A last label that resolvers may read as a number: 2130706433, 0x7f.1, 127.1, 0177.0.0.1.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INNER_NAMES = frozenset(
    ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "arpa")
)


def is_public(address: Address) -> bool:
    """Whether this is a unicast address of the public internet."""
    if isinstance(address, IPv6Address):
        if address.scope_id:
            return False
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address not in _UNICAST_6 or any(address in network for network in _NOT_PUBLIC_6):
            return False
        # Translators may use a prefix of their own, with the IPv4 address as its end (RFC 6052);
        # there is no telling from outside, so the end alone is no reason to refuse.
    elif any(address in network for network in _NOT_PUBLIC_4):
        return False
    return address.is_global and not address.is_multicast


def is_loopback(address: Address) -> bool:
    """127.0.0.0/8, ::1 and their mapped form."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def literal(host: str) -> Address | None:
    """The address that `host` spells in the one usual way, else None. IPv6 has no brackets here."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_name(host: str) -> bool:
    """Whether `host` is a name of the public DNS by its form: ASCII labels, at least two of them,
    none that could be read as a number, no name that only inner networks have."""
    labels = host.split(".")
    return (
        len(host) <= 253
        and len(labels) >= 2
        and all(_LABEL.fullmatch(label) for label in labels)
        and not _NUMBER.fullmatch(labels[-1])
        and labels[-1] not in _INNER_NAMES
    )
