import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, ip_address

from ada_url import URL, HostType
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.kit.hosts import Judgement, Mode, is_web_url, judge_url

BOUNDED = settings(derandomize=True, database=None, deadline=None, max_examples=400)

NETWORKS = [
    IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
RADICES: list[Callable[[int], str]] = [str, "0x{:x}".format, "0X{:X}".format, "0x{:010x}".format, "0{:o}".format]
DISGUISES: list[Callable[[str], str]] = [
    lambda character: character,
    lambda character: f"%{ord(character):02x}",
    lambda character: chr(ord(character) + 0xFEE0),
    lambda character: "".join(f"%{byte:02X}" for byte in chr(ord(character) + 0xFEE0).encode()),
]
# Pieces that parsers are known to disagree about, among plain ones.
PIECES = [
    *("http://", "https://", "HTTP:", "http:/", "//", "/", "?", "#", "@", ":", ".", "..", "[", "]", "%", "%2e", "-"),
    *("a.de", "xn--", "xn--mnchen-3ya", "localhost", "internal", "127.0.0.1", "8.8.8.8", "0x7f", "1", "0", ":80"),
    *("::1", "2606:4700::1111", "::ffff:", "%31", "%00", "%40", ":0", "_", "*", "$", "<", "|", "^", "\\", " ", "\t"),
    *("\n", "\0", "\x7f", "\xad", "\u200b", "\u3002", "\uff11", "\ufe0f", "\u0338", "\ud800", "①", "ß", "é"),
]
LABELS = ["a", "de", "example", "com", "b_c", "é", "ß", "xn--mnchen-3ya", "localhost", "internal", "x8"]
SCHEMES = ["http://", "https://", "HTTP://", "http://user@", "http:/"]
RESTS = ["", "/", "/a.mp3?b=c#d", ":8080/", "?b", "#c", ".", "./x"]
DNS_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+\.?")

hosts = st.one_of(
    st.lists(st.sampled_from(LABELS), min_size=2, max_size=4).map(".".join),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map("[{}]".format),
    st.ip_addresses(network="2600::/12").map("[{}]".format),
)


@st.composite
def near_urls(draw: st.DrawFn) -> str:
    """Put an odd piece, or none, somewhere into a URL that is otherwise sound."""
    sound = draw(st.sampled_from(SCHEMES)) + draw(hosts) + draw(st.sampled_from(RESTS))
    place, piece = draw(st.integers(0, len(sound))), draw(st.sampled_from(["", *PIECES]))
    return sound[:place] + piece * draw(st.integers(0, 1)) + sound[place:]


soups = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))


@st.composite
def addresses(draw: st.DrawFn) -> IPv4Address:
    network = draw(st.sampled_from(NETWORKS))
    return network[draw(st.integers(0, network.num_addresses - 1))]


@st.composite
def spellings(draw: st.DrawFn, address: IPv4Address) -> str:
    """One of the many ways to write an address that the standard's parser, and most C libraries, understand."""
    whole, count = int(address), draw(st.integers(1, 4))
    shifts = [24, 16, 8][: count - 1]
    parts = [whole >> shift & 0xFF for shift in shifts]
    parts.append(whole & (1 << (32 - 8 * len(shifts))) - 1)
    written = ".".join(draw(st.sampled_from(RADICES))(part) for part in parts)
    written += draw(st.sampled_from(["", "."]))
    return "".join(draw(st.sampled_from(DISGUISES))(character) for character in written)


@BOUNDED
@given(st.data(), addresses(), st.sampled_from(Mode), st.sampled_from(["", "/", ":8080/a", "?b", "#@example.com"]))
def test_no_spelling_of_a_private_address_changes_the_verdict(
    data: st.DataObject, address: IPv4Address, mode: Mode, rest: str
) -> None:
    plain = judge_url(f"http://{address}/", mode)
    assert plain.judgement is Judgement.BLOCK
    assert judge_url(f"http://{data.draw(spellings(address))}{rest}", mode) == plain


def assert_sound(text: str) -> None:
    """Hold an accepted URL against the parser's own reading and the standard library's opinion of the address."""
    if judge_url(text).accepted:
        url = URL(text)
        if url.host_type is HostType.DEFAULT:
            assert DNS_NAME.fullmatch(url.hostname)
        else:
            assert ip_address(url.hostname.strip("[]")).is_global
        assert is_web_url(text)


@BOUNDED
@given(near_urls())
def test_only_public_hosts_are_accepted(text: str) -> None:
    assert_sound(text)


@BOUNDED
@given(soups)
def test_any_text_is_judged_without_raising(text: str) -> None:
    assert_sound(text)
    assert judge_url(text, Mode.DOCUMENTED).basis == "documented"


@BOUNDED
@given(near_urls())
def test_hardening_only_adds_refusals_and_marks_each_as_assumed(text: str) -> None:
    hardened, documented = judge_url(text), judge_url(text, Mode.DOCUMENTED)
    assert documented.basis == "documented"
    if hardened != documented:
        assert not hardened.accepted
        assert hardened.basis == "assumed"


@BOUNDED
@given(near_urls() | soups)
def test_a_web_url_has_a_host_and_no_blank(text: str) -> None:
    if is_web_url(text):
        assert URL(text).hostname
        assert text.split() == [text]
