"""No address of a private network is ever asked, however it is spelled."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanfa.desk import guard

HOSTILE = """
127.0.0.1
127.1
127.0.1
127.255.255.254
2130706433
0x7f000001
0x7f.1
0X7F.0.0.1
017700000001
0177.0.0.01
0
0.0.0.0
0.0.0.0.
１２７.０.０.１
127。0。0。1
①②⑦.0.0.1
10.0.0.1
0xa.0.0.1
012.0.0.1
172.16.0.1
172.31.255.255
192.168.1.1
3232235777
192.168.257
169.254.169.254
2852039166
0xa9fea9fe
0251.0376.0251.0376
169.254.43518
100.64.0.1
100.100.100.200
168.63.129.16
192.0.0.192
198.18.0.7
192.0.2.1
198.51.100.1
203.0.113.1
192.88.99.1
224.0.0.251
239.255.255.250
255.255.255.255
240.0.0.1
::
::1
[::1]
::ffff:127.0.0.1
[::ffff:7f00:1]
0:0:0:0:0:ffff:169.254.169.254
::127.0.0.1
64:ff9b::127.0.0.1
64:ff9b::a9fe:a9fe
64:ff9b:1::8.8.8.8
2002:7f00:1::
2002:a9fe:a9fe::1
2002:c0a8:101::
2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:db8::1
3fff::1
fe80::1
fe80::1%eth0
fec0::1
fc00::1
fd00:ec2::254
ff02::1
100::1
5f00::1
localhost
LOCALHOST.
db.localhost
printer.local
router.lan
metadata.google.internal
host.docker.internal
vault.corp
nas.home.arpa
metadata
intranet
kubernetes
256.1.1.1
1.2.3.256
4294967296
""".strip().splitlines()

OPEN = """
8.8.8.8
1.1.1.1
11.0.0.1
100.128.0.1
172.32.0.1
192.169.0.1
168.63.129.17
134744072
2606:4700::1111
::ffff:8.8.8.8
64:ff9b::808:808
2002:808:808::1
2001:4860:4860::8888
kubernetes.io
mp.weixin.qq.com
xn--fiqs8s.example.org
127.0.0.1.nip.io
1.2.3.4.5
09.8.8.8
local.example.org
localhost.example.org
""".strip().splitlines()


@pytest.mark.parametrize("host", HOSTILE)
def test_a_host_that_leads_nearby_is_refused_with_a_reason(host: str) -> None:
    assert guard.host_fault(host)


@pytest.mark.parametrize("host", OPEN)
def test_a_public_host_is_not_refused(host: str) -> None:
    """A name that leads to a private address (127.0.0.1.nip.io) is judged when it has been resolved."""
    assert guard.host_fault(host) == ""


def test_the_table_is_long_and_names_each_host_once() -> None:
    assert len(HOSTILE) >= 30
    assert len(set(HOSTILE + OPEN)) == len(HOSTILE + OPEN)


def test_an_allowed_address_is_asked_in_every_spelling_and_no_other_one() -> None:
    allow = frozenset({"127.0.0.1"})
    assert guard.host_fault("127.0.0.1", allow) == guard.host_fault("0x7f.1", allow) == ""
    assert guard.host_fault("127.0.0.2", allow)
    assert guard.host_fault("::ffff:127.0.0.1", allow)


@pytest.mark.parametrize("host", ["", ".", "[]"])
def test_no_host_at_all_is_refused(host: str) -> None:
    assert guard.host_fault(host) == "there is no host"


def test_the_reason_names_the_address_that_a_spelling_stands_for() -> None:
    assert guard.host_fault("0x7f.1") == "127.0.0.1 is this machine"
    assert "127.0.0.1" in guard.host_fault("64:ff9b::7f00:1")


# ---------------------------------------------------------------- properties

v4 = st.ip_addresses(v=4) | st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
v6 = st.ip_addresses(v=6)


def _refused(address: object) -> bool:
    return bool(guard.address_fault(str(address)))


@given(v4)
def test_whatever_ipv4_address_is_asked_is_a_global_one(address: ipaddress.IPv4Address) -> None:
    if not _refused(address):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved


@given(v6)
def test_whatever_ipv6_address_is_asked_is_global_unicast_or_stands_for_a_public_ipv4_one(
    address: ipaddress.IPv6Address,
) -> None:
    if not _refused(address):
        inner = guard.embedded(address)
        assert address in ipaddress.IPv6Network("2000::/3") or inner is not None
        assert inner is None or not _refused(inner)
        assert not address.is_multicast
        assert not address.is_loopback


@given(v4)
def test_an_ipv6_spelling_of_an_ipv4_address_is_judged_as_that_address(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for spelling in (
        0xFFFF << 32 | number,
        int(ipaddress.IPv6Address("64:ff9b::")) | number,
        0x2002 << 112 | number << 80,
    ):
        assert _refused(ipaddress.IPv6Address(spelling)) == _refused(address)


@given(v4, st.integers(1, 4), st.lists(st.sampled_from(["{}", "0x{:x}", "0X{:X}", "0{:o}", "000{:o}"]), min_size=4))
def test_every_numeric_spelling_is_judged_as_the_address(
    address: ipaddress.IPv4Address, count: int, forms: list[str]
) -> None:
    """One to four numbers, each decimal, octal or hexadecimal: what `inet_aton` reads."""
    number = int(address)
    front = [number >> 8 * (3 - place) & 255 for place in range(count - 1)]
    parts = [*front, number & (256 ** (5 - count) - 1)]
    spelled = ".".join(form.format(part) for form, part in zip(forms, parts, strict=False))
    assert guard.numeric(spelled) == address
    assert bool(guard.host_fault(spelled)) == _refused(address)


@given(st.text(max_size=60))
def test_any_text_is_judged_without_a_crash(host: str) -> None:
    assert isinstance(guard.host_fault(host), str)
