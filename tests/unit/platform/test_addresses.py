"""Which hosts and addresses of strangers may be called: the guard, case by case."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelstep.platform.addresses import is_public
from reelstep.platform.egress import LONGEST_URL, Destination, ForbiddenUrl, check_url


def words(text: str) -> list[str]:
    return text.split()


NOT_PUBLIC = words(
    """
    0.0.0.0 0.1.2.3 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.0 100.64.0.1 100.127.255.255
    127.0.0.0 127.0.0.1 127.1.2.3 127.255.255.255 169.254.0.1 169.254.169.254 169.254.170.2
    172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.31.196.1
    192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255
    198.51.100.1 203.0.113.7 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 :: ::1 ::2
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0.0.0.0 ::127.0.0.1 ::8.8.8.8
    ::ffff:0:8.8.8.8 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::808:808 64:ff9b:1::1 100::1
    2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1
    2002:7f00:1:: 2002:a9fe:a9fe::1 2002:808:808:: 2620:4f:8000::1 3fff::1 5f00::1 fc00::1
    fd00:ec2::254 fd12:3456::1 fe80::1 fe80::1%eth0 2a00:1450:4001::1%eth0 fec0::1 feff::1
    ff02::1 ff0e::1 4000::1
    """
)
PUBLIC = words(
    """
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 128.0.0.1 169.253.255.255
    169.255.0.1 172.15.255.255 172.32.0.1 192.0.1.1 192.167.255.255 192.169.0.1 198.17.255.255
    198.20.0.1 203.0.112.1 223.255.255.254 ::ffff:8.8.8.8 2606:4700:4700::1111
    2a00:1450:4001:81b::200e 2600:1f00::1 2001:4860:4860::8888
    """
)


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_an_address_that_is_not_of_the_public_internet_is_refused(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_passes(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_as_public_inside_of_ipv6_as_outside(number: int) -> None:
    address = IPv4Address(number)
    assert is_public(ip_address(f"::ffff:{address}")) == is_public(address)
    assert not is_public(ip_address(f"64:ff9b::{address}"))
    assert not is_public(ip_address(0x2002 << 112 | number << 80))  # 6to4


GOOD = {
    "https://example.com": Destination("example.com", 443, "/"),
    "https://example.com/": Destination("example.com", 443, "/"),
    "HTTPS://Example.COM/Hook": Destination("example.com", 443, "/Hook"),
    "https://example.com:443/a": Destination("example.com", 443, "/a"),
    "https://example.com:8443/a?b=c&d=%20": Destination("example.com", 8443, "/a?b=c&d=%20"),
    "https://example.com?a=b": Destination("example.com", 443, "/?a=b"),
    "https://example.com./a": Destination("example.com", 443, "/a"),
    "https://a-b.c_d.example.co.uk/": Destination("a-b.c_d.example.co.uk", 443, "/"),
    "https://xn--bcher-kva.example/": Destination("xn--bcher-kva.example", 443, "/"),
    "https://1.1.1.1/": Destination("1.1.1.1", 443, "/"),
    "https://[2606:4700:4700::1111]:8443/": Destination("2606:4700:4700::1111", 8443, "/"),
    "https://hooks.example.com/@me": Destination("hooks.example.com", 443, "/@me"),
    "https://127.0.0.1.example.com/": Destination("127.0.0.1.example.com", 443, "/"),
}
BAD = {
    "length": ["", "https://example.com/" + "a" * LONGEST_URL],
    "fragment": ["https://example.com/#", "https://example.com#@127.0.0.1/"],
    "form": [
        *("https://example.com/a b", "https://example.com/\r\nHost: inner", "https://a.b/\x00"),
        *(" https://example.com/", "https://example.com/\t", "https://example.com\\@127.0.0.1/"),
        *("https://127。0。0。1/", "https://bücher.example/", "https://①②⑦.⓪.⓪.①/"),
        *("https://ｌｏｃａｌｈｏｓｔ/", "https://example.com:٤٤٣/", "https://exa­mple.com/"),
        *("https://example.com:port/", "https://example.com:99999/", "https://[::1/"),
        *("https://example.com/{x}", "https://example.com/<x>", 'https://example.com/"'),
    ],
    "scheme": [
        *("http://example.com/", "ftp://example.com/", "example.com", "//example.com/"),
        *("file:///etc/passwd", "gopher://example.com/", "/hook", "javascript:alert(1)"),
    ],
    "credentials": [
        *("https://user@example.com/", "https://user:pass@example.com/", "https://@example.com/"),
        *("https://example.com@127.0.0.1/", "https://example.com:443@10.0.0.1/"),
        "https://a:b@[::1]/",
    ],
    "port": [
        *("https://example.com:22/", "https://example.com:25/", "https://example.com:80/"),
        *("https://example.com:0/", "https://example.com:1023/"),
    ],
    "host": [
        *("https:///path", "https://:443/", "https://./", "https://../", "https://a..com/"),
        *(
            "https://localhost/",
            "https://LOCALHOST/",
            "https://localhost./",
            "https://localhost../",
        ),
        *("https://a.localhost/", "https://printer.local/", "https://db.internal/", "https://db/"),
        *(
            "https://metadata.google.internal/",
            "https://nas.lan/",
            "https://1.0.0.127.in-addr.arpa/",
        ),
        # An address, however it is spelled.
        *("https://127.0.0.1/", "https://127.0.0.1./", "https://127.1/", "https://127.0.1/"),
        *("https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0x7f.1/"),
        *("https://017700000001/", "https://0177.0.0.1/", "https://127.0.0.01/", "https://0/"),
        *("https://127.0.0.0x1/", "https://0x/", "https://0.0.0.0/", "https://1.2.3.256/"),
        *("https://10.0.0.1/", "https://192.168.1.1/", "https://172.16.0.1:8443/"),
        *(
            "https://169.254.169.254/latest/meta-data/",
            "https://2852039166/",
            "https://100.64.0.1/",
        ),
        *(
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
        ),
        *("https://[fe80::1%25eth0]/", "https://[fd00:ec2::254]/", "https://[64:ff9b::7f00:1]/"),
        *("https://[2002:7f00:1::]/", "https://%31%32%37.0.0.1/", "https://%6cocalhost/"),
        *("https://-a.example.com/", "https://a-.example.com/", "https://ex!ample.com/"),
        *("https://" + "a" * 64 + ".com/", "https://" + "a." * 127 + "com/", "https://a.b.c.1/"),
    ],
}


@pytest.mark.parametrize("url", GOOD)
def test_a_public_https_url_is_taken_apart(url: str) -> None:
    assert check_url(url) == GOOD[url]


@pytest.mark.parametrize(("reason", "url"), [(r, url) for r, urls in BAD.items() for url in urls])
def test_any_other_url_is_refused_and_says_why(reason: str, url: str) -> None:
    with pytest.raises(ForbiddenUrl) as refused:
        check_url(url)
    assert refused.value.reason == reason


@pytest.mark.parametrize("url", ["https://localhost:8443/", "https://127.0.0.1/", "https://[::1]/"])
def test_this_machine_may_be_called_where_that_is_allowed(url: str) -> None:
    check_url(url, loopback=True)
    for private in ("https://10.0.0.1/", "https://169.254.169.254/", "https://db.internal/"):
        with pytest.raises(ForbiddenUrl):
            check_url(private, loopback=True)


@given(st.text(max_size=80))
def test_whatever_is_written_it_is_a_destination_or_refused(text: str) -> None:
    for url in (text, f"https://{text}"):
        try:
            to = check_url(url)
        except ForbiddenUrl:
            continue
        assert to.host.isascii()
        assert to.target.startswith("/")
        assert not set(to.host + to.target) & set(" \r\n\t\\@") - {"@"}
