"""Secrets out of texts: what addresses tell of who may read them, and what stands behind a secret's name."""

import re

HIDDEN = "…"
LONG_ENOUGH = 12
TELLING = (
    r"(?:cookies?|authori[sz]ation|token|secrets?|passw(?:or)?ds?|passphrases?|pwd|jwt|credentials?|signature"
    r"|(?:api|access|secret|private|signing)[-_]?keys?)"
)
# Where an address begins: after "//", or after the schemes of the web, whose readers take any number of slashes, and
# backslashes for slashes. The colon comes first, so that a long text without one costs nothing.
START = r"(:(?<=\w:)(?:(?=[/\\]{2})|(?<=http:)|(?<=https:)|(?<=ftp:)|(?<=ws:)|(?<=wss:))[/\\]*)"
# An address of the web that is all of a text and names nobody who may read it: what most secrets stand in.
_PLAIN = r' \t\r\n\f\v"<>\\@#'
WEB = re.compile(rf"(https?://[^?/:{_PLAIN}]*(?::[0-9]*)?(?:/[^?{_PLAIN}]*)?)(\?[^{_PLAIN}]*)?(#[^{_PLAIN}]*)?")
# What begins a text that is an address as a whole, however wrongly it is written from there on.
WHOLE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:[/\\]{2}|(?:https?|ftp|wss?):|[/\\]{2}(?=\S))[/\\]*", re.IGNORECASE)
# Without any of these there are pairs at most: so it is with the boundary that comes with every form.
ADDRESSED = re.compile(r"[:?\\]|//")
# Addresses without a scheme: a place with pairs behind it, and a name and a password before a place.
PLACE = re.compile(r"""([^\s?="'{}<>,;]*\?)[^\s=]*=\S*""")
SOMEBODY = re.compile(
    r"""(?!(?:mailto|sips?|tel|xmpp|im):)[\w.+%-]+:[^\s@"'{}<>,;]+@[\w.\[\]:-]+(?:[/?#]\S*)?""", re.IGNORECASE
)
# Within other texts: who may read (before the last @), the signature (after the ?), and what the # hides.
AUTHORITY = re.compile(START + r"([^\s/?#\\\"<>]*)", re.IGNORECASE)
BARE = re.compile(r"(?<![\w:/])(//)[^\s/@:]+:[^\s/@]+@")
ODD = re.compile(START + rf"[^\s/?#\\\"<>:]*:{HIDDEN}", re.IGNORECASE)
TAIL = re.compile(START + r"([^\s?#\"<>]*)(\?[^\s#\"<>]*)?(#[^\s\"<>]*)?", re.IGNORECASE)
HOST_END, MARK = re.compile(r"([/\\?#])"), re.compile("([?#])")
# What may follow a port in a text.
BESIDE = ".,;:!')…"
# A secret by its name: as JSON has it (of lists and objects all that follows), as pairs have it, or a line of a head.
_END = r"(?:%5B%5D|\[\])?"
_SCHEME = r"(?:basic|bearer|digest|negotiate|token|api-?key)"
NAMED = re.compile(
    rf"((?:{TELLING}|(?<![a-z0-9])sig)"
    rf"(?:{_END}\\*[\"']\s*:\s*|{_END}=|(?<=^authorization):[ \t]*(?:{_SCHEME}[ \t]+)?))"
    r"(\\+\"[^\"]*|\"(?:[^\"\\]|\\.)*\"?|'[^']*'?|[\[{].*|(?!(?:null|true|false|[-0-9.eE+]+)[\s,\]}])[^\s&,;\"')\]}]+)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
STEMS = ("cookie", "authori", "token", "secret", "passw", "passp", "pwd", "jwt", "credential", "sig", "key")


def mask(secret: str) -> str:
    """Return the last four characters of a long secret, enough to tell two apart; of a short one nothing."""
    return HIDDEN + (secret[-4:] if len(secret) >= LONG_ENOUGH else "")


def redact_text(text: str) -> str:
    """Return a text that tells no secrets. Of an address that is written wrongly it tells rather less than it might."""
    if is_plain(text):
        return text
    if web := WEB.fullmatch(text):
        return f"{web[1]}{'?' + HIDDEN if web[2] else ''}{'#' + HIDDEN if web[3] else ''}"
    if not ADDRESSED.search(text):
        return hide_named(text)
    if begin := WHOLE.match(text):
        text = begin[0] + hide_rest(text[begin.end() :])
    elif place := PLACE.fullmatch(text):
        text = place[1] + HIDDEN
    elif SOMEBODY.fullmatch(text):
        text = f"{HIDDEN}@{text.rpartition('@')[2]}"
    return hide_named(hide_users(TAIL.sub(hide_tail, text)))


def is_plain(text: str) -> bool:
    """Tell whether a text has nothing of what addresses and pairs are made of: nearly all are so."""
    if "=" in text:
        return False
    return ":" not in text or not ("/" in text or "\\" in text or "@" in text or '"' in text or has_head(text))


def has_head(text: str) -> bool:
    """Tell whether a line of a head may show a credential in a text."""
    return "uthorization:" in text or "AUTHORIZATION:" in text


def hide_rest(rest: str) -> str:
    """Return what follows an address's first slashes without who may read it, and without what follows a ? or #."""
    given, *behind = HOST_END.split(rest, maxsplit=1)
    host = bare_host(given)
    if host.endswith(HIDDEN) and (end := end_of_user(rest, len(given))):
        # A name and a password with a slash or the like in them do not end where they should.
        return f"{HIDDEN}@{hide_rest(rest[end:])}"
    place, *marks = MARK.split("".join(behind), maxsplit=1)
    if not marks:
        return host + place
    further = f"#{HIDDEN}" if marks[0] == "?" and "#" in marks[1] else ""
    return f"{host}{place}{marks[0]}{HIDDEN}{further}"


def bare_host(host: str) -> str:
    """Return a host without who may read there; what is behind its colon is no port where it is no number."""
    user, mark, bare = host.rpartition("@")
    if mark:
        # What has a blank in it may be no user at all: that something is gone from there must show.
        return f"{HIDDEN}@{bare}" if user == HIDDEN or len(user.split()) > 1 else bare
    name, colon, port = host.partition(":")
    port = port.rstrip(BESIDE)
    is_plain_host = not colon or host.startswith("[") or not port or port.isdecimal()
    return host if is_plain_host else f"{name}:{HIDDEN}"


def hide_tail(match: re.Match[str]) -> str:
    start, place, query, fragment = match.groups()
    return f"{start}{place}{'?' + HIDDEN if query else ''}{'#' + HIDDEN if fragment else ''}"


def hide_users(text: str) -> str:
    """Return a text without who may read at its addresses; a password that a blank breaks off ends at the last @."""
    text = AUTHORITY.sub(hide_user, BARE.sub(r"\1", text))
    if (odd := ODD.search(text)) and (end := end_of_user(text, odd.end())):
        return f"{text[: odd.start()]}{odd[1]}{HIDDEN}@{text[end:]}"
    return text


def end_of_user(text: str, start: int) -> int:
    """Return where the last @ behind a place ends, 0 without; only in the midst of a password may a blank be."""
    behind = text[start:]
    run = behind if behind[:1].isspace() else behind.split(maxsplit=1)[0] if behind else ""
    found = run.rfind("@")
    return start + found + 1 if found >= 0 else 0


def hide_user(match: re.Match[str]) -> str:
    return match[1] + bare_host(match[2])


def hide_named(text: str) -> str:
    if '"' not in text and "=" not in text and not has_head(text):
        return text
    small = text.lower()
    return NAMED.sub(hide_value, text) if any(map(small.__contains__, STEMS)) else text


def hide_value(match: re.Match[str]) -> str:
    if match[2].startswith(HIDDEN):
        return match[0]
    mark = match[2][0] if match[2][0] in "\"'" else ""
    return f"{match[1]}{mark}{HIDDEN}{mark}"
