"""Which addresses may be asked: those of the public Internet, and no others.

An issue may come from anybody, and an address in it may lead to a printer, a router or a cloud machine's
credentials (SSRF). The rule is an allow-list where one exists: an IPv6 address must be global unicast (2000::/3), and
special blocks within it are refused; IPv4 knows only blocks to refuse. An IPv6 address that stands for an IPv4 one
is judged by that one. Sources: the IANA special-purpose registries (RFC 6890), RFC 6052 (NAT64), RFC 3056 (6to4).
"""

from __future__ import annotations

import ipaddress
import unicodedata

IPv4 = ipaddress.IPv4Address
IPv6 = ipaddress.IPv6Address
Allowed = frozenset[str]
"""Addresses that are asked although they are private, spelled as `ipaddress` does; empty outside of tests."""

NOBODY: Allowed = frozenset()

_V4 = {
    "0.0.0.0/8": "this host",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "private (carrier-grade NAT)",
    "127.0.0.0/8": "this machine",
    "168.63.129.16/32": "a cloud's own service",  # Azure's wire server, public by its number only
    "169.254.0.0/16": "link-local, where clouds keep credentials",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved",
    "192.0.2.0/24": "for documentation",
    "192.88.99.0/24": "reserved",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "for benchmarks, and what a VPN answers with for names that it resolves itself",
    "198.51.100.0/24": "for documentation",
    "203.0.113.0/24": "for documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
_V6 = {
    "2001::/23": "reserved (Teredo, ORCHID, benchmarks)",
    "2001:db8::/32": "for documentation",
    "3fff::/20": "for documentation",
}
_REFUSED_V4 = tuple((ipaddress.IPv4Network(block), reason) for block, reason in _V4.items())
_REFUSED_V6 = tuple((ipaddress.IPv6Network(block), reason) for block, reason in _V6.items())
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")

_LOCAL_NAMES = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "home.arpa")
"""Names, and ends of names, that mean something near: RFC 6761, 6762 and 8375, ICANN's “internal”, and habit."""


def address_fault(text: str, allow: Allowed = NOBODY) -> str:
    """Why the IP address `text` (as a resolver spells it, a zone such as `%eth0` included) must not be asked, or ``.

    Raises ValueError for what is no IP address.
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    if str(address) in allow:
        return ""
    reason = _v4_fault(address) if isinstance(address, IPv4) else _v6_fault(address)
    return f"{address} is {reason}" if reason else ""


def _v4_fault(address: IPv4) -> str:
    return next((reason for block, reason in _REFUSED_V4 if address in block), "")


def _v6_fault(address: IPv6) -> str:
    inner = embedded(address)
    if inner is not None:
        reason = _v4_fault(inner)
        return f"another spelling of {inner}: {reason}" if reason else ""
    if address not in _GLOBAL_V6:  # loopback, link-local, unique local, multicast, unspecified, and all that is free
        return "no public address"
    return next((reason for block, reason in _REFUSED_V6 if address in block), "")


def embedded(address: IPv6) -> IPv4 | None:
    """The IPv4 address that `address` stands for: IPv4-mapped, NAT64 (RFC 6052) or 6to4 (RFC 3056); else None."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4(int(address) & 0xFFFF_FFFF)
    if address in _SIX_TO_FOUR:
        return address.sixtofour
    return None


def numeric(host: str) -> IPv4 | None:
    """The IPv4 address that `host` spells as `inet_aton` reads it: `127.1`, `0x7f000001`, `017700000001`.

    None when it is a name. A number too large for its place raises ValueError: browsers refuse such a host too.
    """
    parts = host.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers = [_number(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    *front, last = [number for number in numbers if number is not None]
    if any(number > 255 for number in front) or last >= 256 ** (4 - len(front)):
        raise ValueError(f"{host} is no address: a number in it is too large")
    return IPv4(sum(number << (8 * (3 - place)) for place, number in enumerate(front)) + last)


def _number(text: str) -> int | None:
    base, digits = 10, text
    if text[:2] in {"0x", "0X"}:
        base, digits = 16, text[2:] or "0"
    elif len(text) > 1 and text.startswith("0"):
        base, digits = 8, text[1:]
    known = "0123456789abcdef"[:base]
    if not digits or any(char not in known for char in digits.lower()):
        return None
    return int(digits, base)


def host_fault(host: str, allow: Allowed = NOBODY) -> str:
    """Why `host`, as an address names it, must not be asked whatever a resolver says about it, or ``.

    An address in any spelling is judged as that address; a name is refused when it means something near.
    """
    name = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").rstrip(".").lower()
    if not name:
        return "there is no host"
    if ":" in name:
        try:
            return address_fault(name, allow)
        except ValueError:
            return f"{host} is no address"
    try:
        address = numeric(name)
    except ValueError as error:
        return str(error)
    if address is not None:
        return address_fault(str(address), allow)
    if any(name == near or name.endswith(f".{near}") for near in _LOCAL_NAMES):
        return f"{name} is a name for machines nearby"
    if "." not in name:
        return f"{name} has no domain, so it is a name for machines nearby"
    return ""
