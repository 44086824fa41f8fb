"""What the form reader takes from a form, and that the cutting of it into chunks changes nothing."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.engine.endpoint import TEXT_PART, Body
from mockserver.engine.read_form import MOST_AROUND, MOST_PARTS, FormReader, Refused, Section
from mockserver.model import Kind
from tests.engine.sending import BOUNDARY, FORM, FORM_MEDIA, form, part, raw_part, read_parts

AUDIO = b"ID3" + bytes(range(256)) * 3
CHUNKS = (1, 7, 64, 65_536)


def outline(section: Section) -> tuple[str, str, str, int, str]:
    content = sha256(section.text).hexdigest() if section.digest is None else section.digest.hexdigest()
    return section.part.name, section.filename, section.content_type, section.size, content


def verdict(body: bytes, content_type: str = FORM, chunk: int = 65_536) -> object:
    """Return all that can be told about a form: its parts, or why it is refused."""
    try:
        return [outline(section) for section in read_parts(body, content_type, chunk=chunk)]
    except Refused as refused:
        return refused.problem


def test_a_text_part_is_kept_and_a_file_is_only_counted_and_hashed() -> None:
    title, recording = read_parts(
        form(part("title", "Ünï"), part("recording", AUDIO, filename="a.mp3", kind="audio/mpeg"))
    )
    assert title.decoded() == "Ünï"
    assert not recording.text
    upload = recording.upload()
    assert (upload.filename, upload.content_type, upload.size) == ("a.mp3", "audio/mpeg", len(AUDIO))
    assert upload.sha256 == sha256(AUDIO).hexdigest()


def test_a_file_part_without_a_filename_is_a_file_with_an_empty_name() -> None:
    (recording,) = read_parts(form(part("recording", AUDIO)))
    assert recording.is_file
    assert recording.upload().filename == ""


def test_a_text_part_with_a_filename_is_text() -> None:
    (details,) = read_parts(form(part("details", "{}", filename="details.json", kind="application/json")))
    assert not details.is_file
    assert details.decoded() == "{}"


def test_an_unknown_part_is_a_file_if_it_has_a_filename() -> None:
    text, file = read_parts(form(part("note", "hello"), part("extra", AUDIO, filename="x.bin")))
    assert (text.is_file, file.is_file) == (False, True)
    assert text.decoded() == "hello"
    assert not file.text


def test_a_form_without_parts_is_read() -> None:
    assert read_parts(f"--{BOUNDARY}--\r\n".encode()) == []


def test_an_empty_part_is_read() -> None:
    (title,) = read_parts(form(part("title", "")))
    assert title.decoded() == ""


@pytest.mark.parametrize("after", [b"", b"\r\n", b"anything\r\n--cut-here\r\n", b"-" * MOST_AROUND])
def test_what_follows_the_closing_boundary_is_dropped(after: bytes) -> None:
    body = form(part("title", "t"))[:-2]
    assert [section.decoded() for section in read_parts(body + after)] == ["t"]


@pytest.mark.parametrize("before", [b"\r\n", b"\n\n\r\r", b"\r\n" * (MOST_AROUND // 2)], ids=["one", "odd", "most"])
def test_line_breaks_before_the_first_boundary_are_dropped(before: bytes) -> None:
    assert [section.decoded() for section in read_parts(before + form(part("title", "t")))] == ["t"]


@pytest.mark.parametrize("chunk", CHUNKS)
@pytest.mark.parametrize("text", [b"\r\npreamble - text\r\n", b"\r\npreamble", b"-\r\n", b" "])
def test_text_before_the_first_boundary_is_refused_however_it_is_cut(text: bytes, chunk: int) -> None:
    with pytest.raises(Refused):
        read_parts(text + form(part("title", "t")), chunk=chunk)


@pytest.mark.parametrize("body", [b"\r\n" * MOST_AROUND, form() + bytes(3 * MOST_AROUND)], ids=["before", "after"])
def test_an_endless_stream_around_the_parts_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_parts(body, chunk=4096)
    assert caught.value.problem.says == "too much lies before or after the parts of the form"


def test_the_most_parts_are_read_and_one_more_is_refused() -> None:
    parts = [part(f"p{number}", "x") for number in range(MOST_PARTS + 1)]
    assert len(read_parts(form(*parts[:-1]))) == MOST_PARTS
    with pytest.raises(Refused) as caught:
        read_parts(form(*parts))
    assert caught.value.problem.says == "the form has more than 64 parts"


@pytest.mark.parametrize(
    ("name", "limit", "claim"), [("recording", 100_000, "recording-100-kb"), ("title", TEXT_PART, None)]
)
@pytest.mark.parametrize("chunk", [1000, 65_536, 10_000_000])
def test_a_part_may_be_as_large_as_its_limit_and_no_larger(
    name: str, limit: int, claim: str | None, chunk: int
) -> None:
    (section,) = read_parts(form(part(name, b"x" * limit)), chunk=chunk)
    assert section.size == limit
    with pytest.raises(Refused) as caught:
        read_parts(form(part(name, b"x" * (limit + 1))), chunk=chunk)
    problem = caught.value.problem
    assert (problem.kind, problem.path, problem.claim) == (Kind.TOO_LARGE, (name,), claim)
    assert problem.says == f"{name} is larger than {limit} bytes"


@pytest.mark.parametrize(("cap", "limit"), [(500, 500), (10**9, 100_000)])
def test_a_cap_lowers_the_limit_of_a_file_and_never_lifts_it(cap: int, limit: int) -> None:
    reader = FormReader(Body("multipart/form-data", FORM_MEDIA, {}), FORM, cap)
    with pytest.raises(Refused) as caught:
        reader.write(form(part("title", "t" * 1000), part("recording", bytes(limit + 1))))
    assert caught.value.problem.says == f"recording is larger than {limit} bytes"
    assert caught.value.problem.claim == "recording-100-kb"
    assert reader.sections[0].size == 1000


def test_the_text_of_a_part_must_be_utf_8() -> None:
    (title,) = read_parts(form(part("title", b"caf\xe9")))
    with pytest.raises(Refused) as caught:
        title.decoded()
    assert (caught.value.problem.says, caught.value.problem.path) == ("title is not UTF-8", ("title",))


def test_sentences_do_not_grow_with_a_name() -> None:
    (section,) = read_parts(form(part("n" * 3000, b"\xff")))
    with pytest.raises(Refused) as caught:
        section.decoded()
    assert len(caught.value.problem.says) < 120


@pytest.mark.parametrize("name", ["title", "TITLE", "Title"])
def test_a_part_is_found_in_any_casing_where_the_document_says_so(name: str) -> None:
    media = {"schema": {**FORM_MEDIA["schema"], "x-loose-case": True}}
    (section,) = read_parts(form(part(name, "t")), media=media)
    assert section.part.name == "title"


def test_casing_counts_where_the_document_says_nothing() -> None:
    (section,) = read_parts(form(part("Recording", AUDIO)))
    assert (section.part.name, section.is_file) == ("Recording", False)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_data_that_looks_like_a_boundary_is_data(chunk: int) -> None:
    lines = (
        "",
        "--cut-her",
        "--cut-heré",
        "--cut-here-",
        "--cut-here-x",
        "--cut-here\rx",
        "-",
        "--",
        "\r",
        "\n",
        "--cut-herecut",
    )
    text = "\r\n".join(lines)
    (section,) = read_parts(form(part("title", text)), chunk=chunk)
    assert section.decoded() == text


PIECES = st.sampled_from(
    [
        b"\r\n",
        b"\r",
        b"\n",
        b"-",
        b"--",
        b"--cut-here",
        b"--cut-here\r\n",
        b"\r\n--cut-here\r\n",
        b"\r\n--cut-here--",
        b"\r\n--cut-here \t\r\n",
        b'Content-Disposition: form-data; name="title"\r\n\r\n',
        b'Content-Disposition: form-data; name="recording"; filename="a"\r\n',
        b"Content-Type: audio/mpeg\r\n",
        b"X: ",
        b":",
        b"\r\n\r\n",
        b"data",
        b"\x00\xff",
    ]
)


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=14), st.booleans())
def test_no_cutting_into_chunks_changes_what_a_form_says(pieces: list[bytes], is_whole: bool) -> None:  # noqa: FBT001
    body = b"".join(pieces)
    if is_whole:
        body = form(raw_part('Content-Disposition: form-data; name="title"', body), part("recording", body))
    whole = verdict(body)
    assert [verdict(body, chunk=chunk) for chunk in (1, 2, 7)] == [whole] * 3
