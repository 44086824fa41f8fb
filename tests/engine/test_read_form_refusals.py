"""Forms that mean two things, or none, are refused as malformed, each for its own reason."""

import pytest

from mockserver.engine.read_form import LONGEST_HEADER, MOST_HEADERS, Refused, boundary_of, disposition, parameters
from mockserver.model import Kind
from tests.engine.sending import BOUNDARY, form, part, raw_part, read_parts

DISPOSED = "Content-Disposition: form-data; "
BROKEN = "the form is malformed: see its boundary, the heads of its parts, and the CR LF after each line of them"
NAMELESS = "every part of a form needs a name"
QUOTING = "a parameter of a header is there twice, or is not quoted as it should be"
TITLE = part("title", "t")

HEADS = {
    "no disposition": ("Content-Type: text/plain", NAMELESS),
    "disposition of another kind": ('Content-Disposition: attachment; name="title"', NAMELESS),
    "disposition without parameters": ("Content-Disposition: form-data", NAMELESS),
    "no name": (DISPOSED + 'filename="a.mp3"', NAMELESS),
    "empty name": (DISPOSED + 'name=""', NAMELESS),
    "name only in its extended form": (DISPOSED + "name*=utf-8''title", NAMELESS),
    "two names": (DISPOSED + 'name="title"; name="count"', QUOTING),
    "two filenames": (DISPOSED + 'name="recording"; filename="a.mp3"; filename="b.exe"', QUOTING),
    "two filenames in two casings": (DISPOSED + 'name="recording"; filename="a.mp3"; FileName="b.exe"', QUOTING),
    "two filenames, one without quotes": (DISPOSED + 'name="recording"; filename=a.mp3; filename="b"', QUOTING),
    "two extended filenames": (DISPOSED + "name=\"title\"; filename*=utf-8''a; filename*=utf-8''b", QUOTING),
    "filename twice around an escaped backslash": (DISPOSED + r'name="a\\"; filename="b"; filename="c"', QUOTING),
    "open quotes": (DISPOSED + 'name="title', QUOTING),
    "quotes opened by an escaped quote": (DISPOSED + r'name="title\"', QUOTING),
    "text after the quotes": (DISPOSED + 'name="title"x; filename="b"', QUOTING),
    "line break in a parameter's name": (DISPOSED + 'name="title"; file\nname="b"', "the content-disposition header"),
    "name not in UTF-8": ((DISPOSED + 'name="caf').encode() + b'\xe9"', "the name of a part is not UTF-8"),
    "filename not in UTF-8": ((DISPOSED + 'name="recording"; filename="').encode() + b'\xff"', "the name of a part"),
    "two dispositions": (DISPOSED + 'name="a"\r\n' + DISPOSED + 'name="b"', "a part has two content-disposition"),
    "two types": (DISPOSED + 'name="a"\r\nContent-Type: a/b\r\ncontent-type: c/d', "a part has two content-type"),
    "bare line feed": (DISPOSED + 'name="a"\nContent-Type: a/b', "the content-disposition header of a part holds"),
    "folded header": (DISPOSED + 'name="a";\r\n filename="b"', BROKEN),
    "header without a colon": (DISPOSED + 'name="a"\r\nContent-Type', BROKEN),
    "header without a name": (DISPOSED + 'name="a"\r\n: x', BROKEN),
    "blank in a header's name": ('Content Disposition: form-data; name="a"', BROKEN),
    "carriage return without line feed": (DISPOSED + 'name="a"\rX: y', BROKEN),
    "long header": (DISPOSED + f'name="{"n" * LONGEST_HEADER}"', BROKEN),
    "header with a long name": (f"{'X' * LONGEST_HEADER}: y\r\n{DISPOSED}name=a", BROKEN),
    "too many headers": ("\r\n".join(f"X-{n}: y" for n in range(MOST_HEADERS)) + f"\r\n{DISPOSED}name=a", BROKEN),
    "base64": (DISPOSED + 'name="a"\r\nContent-Transfer-Encoding: BASE64', "a part must not be encoded for transfer"),
    "quoted-printable": (
        DISPOSED + 'name="a"\r\nContent-Transfer-Encoding: quoted-printable',
        "a part must not be encoded for transfer",
    ),
    "nested form": (
        DISPOSED + 'name="a"\r\nContent-Type: multipart/mixed; boundary=inner',
        "a part must not have parts of its own",
    ),
    "nested form in capitals": (
        DISPOSED + 'name="a"\r\nContent-Type:  MULTIPART/Form-Data',
        "a part must not have parts",
    ),
    "two charsets": (DISPOSED + 'name="a"\r\nContent-Type: text/plain; charset=utf-7; charset=utf-8', QUOTING),
}


@pytest.mark.parametrize("chunk", [1, 7, 65_536])
@pytest.mark.parametrize(("head", "says"), HEADS.values(), ids=HEADS.keys())
def test_a_part_is_refused_by_its_head(head: str | bytes, says: str, chunk: int) -> None:
    with pytest.raises(Refused) as caught:
        read_parts(form(raw_part(head, "value")), chunk=chunk)
    problem = caught.value.problem
    assert problem.kind is Kind.MALFORMED
    assert problem.says.startswith(says)


BODIES = {
    "empty": b"",
    "line breaks only": b"\r\n\r\n",
    "a boundary only": f"--{BOUNDARY}\r\n".encode(),
    "JSON": b'{"title": "t"}',
    "another boundary": form(TITLE, boundary="another"),
    "a longer boundary": form(TITLE, boundary=BOUNDARY + "-and-more"),
    "a shorter boundary": form(TITLE, boundary=BOUNDARY[:-1]),
    "no closing boundary": form(TITLE).removesuffix(b"--\r\n"),
    "half a closing boundary": form(TITLE).removesuffix(b"-\r\n"),
    "a closing boundary with a blank": form(TITLE).replace(b"--\r\n", b" --\r\n"),
    "line feeds only": form(TITLE).replace(b"\r\n", b"\n"),
    "carriage returns only": form(TITLE).replace(b"\r\n", b"\r"),
    "a blank before the boundary": b" " + form(TITLE),
    "text before the boundary": b"preamble\r\n" + form(TITLE),
    "no empty line": form(TITLE).replace(b"\r\n\r\n", b"\r\n"),
    "padding before the first part": form(TITLE).replace(b"cut-here\r\n", b"cut-here \r\n"),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_form_is_refused_by_its_frame(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_parts(body)
    assert caught.value.problem.kind is Kind.MALFORMED


TYPES = {
    "absent": "multipart/form-data",
    "empty": "multipart/form-data; boundary=",
    "empty quotes": 'multipart/form-data; boundary=""',
    "a blank": 'multipart/form-data; boundary=" "',
    "a blank at its end": 'multipart/form-data; boundary="cut "',
    "71 characters": f"multipart/form-data; boundary={'b' * 71}",
    "300 characters": f"multipart/form-data; boundary={'b' * 300}",
    "a control character": 'multipart/form-data; boundary="a\x01b"',
    "a line break": 'multipart/form-data; boundary="a\r\nb"',
    "a letter that is not ASCII": "multipart/form-data; boundary=b\xfc",
    "extended only": "multipart/form-data; boundary*=utf-8''cut",
    "twice": "multipart/form-data; boundary=a; boundary=b",
    "twice, in two headers": "multipart/form-data; boundary=a, multipart/form-data; boundary=b",
    "open quotes": 'multipart/form-data; boundary="cut',
    "in another parameter": 'multipart/form-data; x="; boundary=cut"',
}


@pytest.mark.parametrize("content_type", TYPES.values(), ids=TYPES.keys())
def test_a_form_needs_one_plain_boundary(content_type: str) -> None:
    with pytest.raises(Refused) as caught:
        boundary_of(content_type)
    assert caught.value.problem.kind is Kind.MALFORMED


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/form-data; boundary=cut", b"cut"),
        ("Multipart/Form-Data;BOUNDARY=cut;", b"cut"),
        ('multipart/form-data; charset=utf-8; boundary="a b:c"', b"a b:c"),
        ("multipart/form-data ;\tboundary = \tcut \t; ; x", b"cut"),
        ('multipart/form-data; boundary="a\\"b\\\\c"', b'a"b\\c'),
        (f"multipart/form-data; boundary={'b' * 70}", b"b" * 70),
        (
            "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk'()+_,-./:=?",
            b"----WebKitFormBoundary7MA4YWxk'()+_,-./:=?",
        ),
    ],
)
def test_a_boundary_is_found_however_it_is_written(content_type: str, boundary: bytes) -> None:
    assert boundary_of(content_type) == boundary


@pytest.mark.parametrize(
    ("header", "options"),
    [
        (r'form-data; name="a\\"; filename="b"', {"name": "a\\", "filename": "b"}),
        (r'form-data; name="a\"; filename=\"b"', {"name": 'a"; filename="b'}),
        (r'form-data; name="a;b=c"; filename="d;e.mp3"', {"name": "a;b=c", "filename": "d;e.mp3"}),
        (r'form-data; name=a; filename="dir\file.mp3"', {"name": "a", "filename": r"dir\file.mp3"}),
        (r'form-data; name=a; filename="C:\dir\file.mp3"', {"name": "a", "filename": r"C:\dir\file.mp3"}),
        (r'form-data; name=a; filename="\\host\share\x.mp3"', {"name": "a", "filename": r"\host\share\x.mp3"}),
        ("form-data; name=a; filename=my call.mp3 ", {"name": "a", "filename": "my call.mp3"}),
        ('FORM-DATA ; filename="" ; NAME="a" ;', {"name": "a", "filename": ""}),
        ('form-data; name="caf\xc3\xa9"', {"name": "café"}),
        ("form-data; name=a; filename*=utf-8''b.mp3", {"name": "a", "filename*": "utf-8''b.mp3"}),
        ('form-data; name="a%22b"', {"name": "a%22b"}),
    ],
)
def test_the_parameters_of_a_part_are_read_as_they_are_quoted(header: str, options: dict[str, str]) -> None:
    assert disposition(header) == options


def test_an_extended_filename_does_not_stand_beside_or_instead_of_the_plain_one() -> None:
    head = DISPOSED + 'name="recording"; filename="a.mp3"; filename*=utf-8\'\'b.exe'
    assert read_parts(form(raw_part(head, b"x")))[0].filename == "a.mp3"
    head = DISPOSED + "name=\"recording\"; filename*=utf-8''b.exe"
    assert read_parts(form(raw_part(head, b"x")))[0].filename == ""


ENCODED = 'name="recording"; filename="=?utf-8?B?Z2VzcHLDpGNoLm1wMw==?="'


@pytest.mark.parametrize(
    ("rest", "filename"),
    [
        ("; filename*=utf-8''gespr%C3%A4ch.mp3", "gespräch.mp3"),
        ("; filename*=UTF-8'de'gespr%C3%A4ch%20%221%22.mp3", 'gespräch "1".mp3'),
        ("; filename*=utf-8''%E4%BC%9A%E8%AD%B0%E3%80%80%E9%8C%B2%E9%9F%B3.mp3", "会議\u3000録音.mp3"),
        ("; filename*=latin-1''gespr%E4ch.mp3", "=?utf-8?B?Z2VzcHLDpGNoLm1wMw==?="),
        ("; filename*=utf-8''a%0D%0Ab.mp3", "=?utf-8?B?Z2VzcHLDpGNoLm1wMw==?="),
        ("", "=?utf-8?B?Z2VzcHLDpGNoLm1wMw==?="),
    ],
)
def test_a_filename_is_read_that_dotnet_sends_because_it_is_not_ascii(rest: str, filename: str) -> None:
    assert read_parts(form(raw_part(DISPOSED + ENCODED + rest, b"x")))[0].filename == filename


def test_an_extended_filename_that_is_no_utf_8_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        disposition(f"form-data; {ENCODED}; filename*=utf-8''gespr%E4ch.mp3")
    assert caught.value.problem.says == "the name of a part is not UTF-8"


@pytest.mark.parametrize("piece", ['"\\"', ';"', '";', ";", '"', "\\", ';a="', " ", ";\t", "="])
def test_a_header_is_read_in_one_pass(piece: str) -> None:
    """A reader that starts over at every quote would be at it for minutes with a header as long as this."""
    header = "form-data; name=a; filename=" + piece * (300_000 // len(piece))
    for hostile in (header, header + '"', header + "x"):
        try:
            parameters(hostile)
        except Refused:
            continue
