import json
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from mockserver.kit import hosts
from mockserver.kit.hosts import Judgement, Mode, Verdict, is_web_url, judge_url

FORMS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "url_forms.json").read_text())
CASES = [pytest.param(form, url, id=f"{form['row']}-{url!a}") for form in FORMS for url in form["urls"]]

# What the IANA registries call special-purpose, multicast or unassigned and not globally reachable, or deprecated.
SPECIAL_PURPOSE = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    *("224.0.0.0/4", "240.0.0.0/4", "::1/128", "::/128", "::ffff:0:0/96", "64:ff9b:1::/48", "100::/64", "2001::/32"),
    *("2001:2::/48", "2001:10::/28", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10"),
    *("fec0::/10", "ff00::/8", "4000::/2", "8000::/1"),
]
# The addresses next to the blocks above that are public.
NEIGHBOURS = [
    *("1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0"),
    *("169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.255", "192.0.3.0"),
    *("192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0"),
    *("198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "168.63.129.15"),
    *("168.63.129.17", "2000::", "2001:200::", "2001:db7:ffff::", "2001:db9::", "2003::", "3ffe:ffff::", "3fff:1000::"),
]


def url_of(address: object) -> str:
    return f"http://[{address}]/" if ":" in str(address) else f"http://{address}/"


def test_the_table_holds_every_row_that_needs_no_resolver() -> None:
    decidable = [*range(1, 49), *range(54, 83)]
    # Row 78 is about lengths, which the tests below build.
    assert {form["row"] for form in FORMS} | {"S78"} == {f"S{number:02}" for number in decidable}


@pytest.mark.parametrize(("form", "url"), CASES)
def test_hardened_mode_judges_every_form_as_the_table_says(form: dict[str, Any], url: str) -> None:
    assert judge_url(url) == Verdict(Judgement(form["judgement"]), form["reason"], form["basis"])


@pytest.mark.parametrize(("form", "url"), CASES)
def test_documented_mode_refuses_only_what_the_page_covers(form: dict[str, Any], url: str) -> None:
    verdict = judge_url(url, Mode.DOCUMENTED)
    assert (verdict.judgement.value, verdict.basis) == (form["documented"], "documented")


def test_hardened_is_the_default() -> None:
    assert judge_url("http://router/") == judge_url("http://router/", Mode.HARDENED)
    assert judge_url("http://router/") != judge_url("http://router/", Mode.DOCUMENTED)


def test_public_addresses_and_names_are_what_is_accepted() -> None:
    accepted = {judgement for judgement in Judgement if Verdict(judgement, "any").accepted}
    assert accepted == {Judgement.ALLOW, Judgement.NAME}


def name_of(length: int) -> str:
    return ("a." * length)[: length - 2] + "de"


@pytest.mark.parametrize(
    ("fits", "too_long", "reason"),
    [
        ("http://a.de/".ljust(2048, "x"), "http://a.de/".ljust(2049, "x"), "length"),
        (f"http://{'a' * 63}.de/", f"http://{'a' * 64}.de/", "host-name"),
        (f"http://{name_of(253)}/", f"http://{name_of(254)}/", "host-name"),
        (f"http://{name_of(253)}./", f"http://{name_of(254)}./", "host-name"),
    ],
    ids=["url", "label", "host", "host-and-dot"],
)
def test_lengths_are_bounded_only_by_our_hardening(fits: str, too_long: str, reason: str) -> None:
    assert judge_url(fits).judgement is Judgement.NAME
    assert judge_url(too_long) == Verdict(Judgement.REJECT, reason, "assumed")
    assert judge_url(too_long, Mode.DOCUMENTED).judgement is Judgement.NAME


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("block", SPECIAL_PURPOSE)
def test_both_ends_of_every_special_purpose_block_are_blocked(block: str, mode: Mode) -> None:
    network = ip_network(block)
    first, last = network[0], network[-1]
    # The last mapped address stands for 255.255.255.255 and the first for 0.0.0.0, which are blocked as themselves.
    assert judge_url(url_of(first), mode).judgement is Judgement.BLOCK
    assert judge_url(url_of(last), mode).judgement is Judgement.BLOCK


@pytest.mark.parametrize("address", NEIGHBOURS)
def test_public_addresses_next_to_a_block_are_allowed(address: str) -> None:
    assert judge_url(url_of(address)).judgement is Judgement.ALLOW


def test_what_python_calls_not_global_is_blocked_though_our_list_misses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "_NOT_PUBLIC", ())
    assert judge_url("http://10.0.0.1/") == Verdict(Judgement.BLOCK, "not-global")
    assert judge_url("http://8.8.8.8/").judgement is Judgement.ALLOW


def test_a_mapped_address_is_blocked_for_the_reason_of_the_address_it_stands_for() -> None:
    for address in ("10.0.0.1", "127.0.0.1", "169.254.169.254", "224.0.0.1"):
        assert judge_url(url_of(ip_address(f"::ffff:{address}"))) == judge_url(url_of(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "HTTPS://10.0.0.1:8443/a?b#c",
        "http://[::1]/",
        "http://router",
        "https://user:secret@example.com/x",
        "https://under_score.example.com/k?x=%2F",
        "https://münchen.de/ä.mp3",
        "https://example.com/" + "x" * 4000,
    ],
)
def test_a_web_url_may_name_any_host(url: str) -> None:
    assert is_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        *("", "http:", "http://", "http:///", "http://?x", "http://:80/", "example.com", "/x", "//example.com/x"),
        *("http:/example.com", "http:example.com", "http:///example.com", "http:\\\\example.com", "http://a\\b"),
        *("ftp://example.com/", "file:///x", "mailto:a@example.com", "javascript:alert(1)", "ws://example.com/"),
        *(" http://example.com", "http://example.com ", "http://exam ple.com", "http://example.com/a b"),
        *("http://example.com/\t", "ht\ntp://example.com", "http://example.com/\0", "http://example.com/\ud800"),
        *("http://example.com:65536/", "http://[::1/", "http://a<b/", "http://256.1.1.1/", "http://a%00b/"),
    ],
    ids=ascii,
)
def test_what_is_no_clean_absolute_url_is_no_web_url(url: str) -> None:
    assert not is_web_url(url)
