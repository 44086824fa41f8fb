"""Forms that no server should take, made from the parts of an honest one."""

from collections.abc import Callable, Iterator, Mapping

from tests.engine.sending import BOUNDARY, form, part, raw_part
from tests.security.honest_bodies import Honest
from tests.security.hostile_json import BOMB, Hostile

TYPE = f"multipart/form-data; boundary={BOUNDARY}"
NAMED = 'Content-Disposition: form-data; name="note"'
MEBIBYTE = 1024 * 1024

FRAMES: Mapping[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "no parts": lambda _: form(),
    "line breaks only": lambda _: b"\r\n\r\n",
    "JSON": lambda _: b'{"api_key": "resonaa-demo-key"}',
    "line feeds only": lambda body: body.replace(b"\r\n", b"\n"),
    "a line feed after the first boundary": lambda body: body.replace(b"\r\n", b"\n", 1),
    "text before it": lambda body: b"preamble\r\n" + body,
    "a line break and text before it": lambda body: b"\r\npreamble-\r\n" + body,
    "another boundary": lambda body: body.replace(BOUNDARY.encode(), b"another"),
    "no closing boundary": lambda body: body.removesuffix(b"--cut-here--\r\n"),
    "half a closing boundary": lambda body: body.removesuffix(b"-\r\n"),
    "a blank in the closing boundary": lambda body: body.removesuffix(b"--\r\n") + b" --\r\n",
    "an endless rest": lambda body: body + bytes(300_000),
    "a first part without its empty line": lambda body: body.replace(b"\r\n\r\n", b"\r\n", 1),
}
CUTS = (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
HEADS: Mapping[str, str | bytes] = {
    "nameless": "Content-Disposition: form-data",
    "of an empty name": 'Content-Disposition: form-data; name=""',
    "named in the extended form only": "Content-Disposition: form-data; name*=utf-8''note",
    "without a disposition": "Content-Type: text/plain",
    "that is an attachment": 'Content-Disposition: attachment; name="note"',
    "with two names": NAMED + '; name="file"',
    "with two filenames": NAMED + '; filename="a.mp3"; filename="b.exe"',
    "with two filenames in two casings": NAMED + '; filename="a.mp3"; FILENAME="b.exe"',
    "with a filename hidden behind a backslash": 'Content-Disposition: form-data; name="a\\\\"; filename="b"; name="c"',
    "with open quotes": 'Content-Disposition: form-data; name="note',
    "with a folded header": NAMED + ';\r\n filename="a.mp3"',
    "with a bare line feed": NAMED + "\nContent-Type: text/plain",
    "with a bare carriage return": NAMED + "\rContent-Type: text/plain",
    "with two dispositions": NAMED + '\r\nContent-Disposition: form-data; name="file"',
    "with two types": NAMED + "\r\nContent-Type: a/b\r\nContent-Type: c/d",
    "with nine headers": NAMED + "".join(f"\r\nX-{number}: y" for number in range(8)),
    "with a long header": f'{NAMED}; filename="{"n" * 5000}"',
    "with a header without a colon": NAMED + "\r\nContent-Type",
    "with a name that is not UTF-8": b'Content-Disposition: form-data; name="\xff"',
    "in base64": NAMED + "\r\nContent-Transfer-Encoding: base64",
    "in quoted-printable": NAMED + "\r\nContent-Transfer-Encoding: quoted-printable",
    "that is a form": NAMED + "\r\nContent-Type: multipart/mixed; boundary=inner",
    **{
        f"in {charset}": f"{NAMED}\r\nContent-Type: text/plain; charset={charset}"
        for charset in ("punycode", "idna", "undefined", "utf-7", "unicode_escape", "utf-16", "latin-1")
    },
}
TEXTS: Mapping[str, bytes] = {
    "empty": b"",
    "cut": b'{"FileName": ',
    "two": b"{}{}",
    "NaN": b'{"x": NaN}',
    "1e999": b'{"x": 1e999}',
    "deep": b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "an integer of 4301 digits": b'{"x": ' + b"9" * 4301 + b"}",
    "half a surrogate pair": b'{"x": "\\ud800"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"x": 1}'.encode("utf-16"),
    "not UTF-8": b'{"x": "\xff"}',
    "a list": b"[]",
    "a text": b'"{}"',
    "plain text": b"hello",
}
TYPES: tuple[str | None, ...] = (
    None,
    "",
    "text/plain",
    "application/octet-stream",
    "audio/wav",
    "application/x-www-form-urlencoded",
    "multipart/mixed; boundary=cut-here",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary="cut-here "',
    f"multipart/form-data; boundary={'b' * 71}",
    "multipart/form-data; boundary=other",
    "multipart/form-data; boundary=cut-here; boundary=other",
    "multipart/form-data; boundary=cut-here, multipart/form-data; boundary=cut-here",
    "multipart/form-data; boundary*=utf-8''cut-here",
    "multipart/form-data; charset=utf-16; boundary=cut-here",
    "multipart/form-data; charset=punycode; boundary=cut-here",
)


def hostile_forms(honest: Honest) -> Iterator[tuple[str, Hostile]]:
    body = honest.form()
    for name, make in FRAMES.items():
        yield name, Hostile(make(body), TYPE)
    for share in CUTS:
        yield f"cut at {share:.0%}", Hostile(body[: int(len(body) * share)], TYPE)
        yield f"cut at {share:.0%}, in small chunks", Hostile(body[: int(len(body) * share)], TYPE, chunk=7)
    for name, head in HEADS.items():
        yield f"a part {name}", Hostile(honest.form(raw_part(head, "x")), TYPE)
    for content_type in TYPES:
        yield f"as {content_type}", Hostile(body, content_type)
    for encoding in ("gzip", "br", "zstd"):
        yield encoding, Hostile(body, TYPE, {"content-encoding": encoding})
    yield "a bomb", Hostile(BOMB, TYPE, {"content-encoding": "gzip"})
    yield from hostile_parts(honest)


def hostile_parts(honest: Honest) -> Iterator[tuple[str, Hostile]]:
    for name, whole in honest.parts.items():
        yield f"two parts {name}", Hostile(honest.form(whole), TYPE)
    if honest.json_part:
        for name, text in TEXTS.items():
            changed = {honest.json_part: part(honest.json_part, text, kind="application/json")}
            yield f"a JSON part that is {name}", Hostile(honest.form_with(**changed), TYPE)
    yield "65 parts", Hostile(honest.form(*(part(f"p{number}", "x") for number in range(65))), TYPE)
    yield "an unknown part twice", Hostile(honest.form(part("note", "1"), part("note", "2")), TYPE)
    yield "a text that is not UTF-8", Hostile(honest.form(part("note", b"\xff")), TYPE)
    yield "a large text", Hostile(honest.form(part("note", bytes(MEBIBYTE + 1))), TYPE)
    yield "a large unknown file", Hostile(honest.form(part("note", bytes(MEBIBYTE + 1), filename="x")), TYPE)
    for name in ("file", "call"):
        if name in honest.parts:
            yield "an empty file", Hostile(honest.form_with(**{name: part(name, b"", filename="call.wav")}), TYPE)
