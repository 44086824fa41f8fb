import pytest

from mockserver.kit.media import FORMATS, extension, kind_of_name, name_extension


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("call.mp3", ".mp3"),
        ("CALL.MP3", ".mp3"),
        ("2024/06/call.final.Wav", ".wav"),
        (r"C:\calls\call.m4a", ".m4a"),
        ("/calls/call #3.mp3", ".mp3"),
        ("call v1.2#3.mp3", ".mp3"),
        ("what now? v1.2 #3.mp3", ".mp3"),
        ("chat.json_chat", ".json_chat"),
        ("a.mp3/call", ""),
        ("call.mp3?x", ""),
        ("call.mp3#x", ""),
        ("call.mp3?", ""),
        ("call", ""),
        ("call.", ""),
        ("call. mp3", ""),
        (".mp3", ""),
        ("calls/.mp3", ""),
        ("", ""),
    ],
)
def test_an_extension_is_what_follows_the_last_dot_of_the_name(name: str, found: str) -> None:
    assert name_extension(name) == found


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("call.MP3", ".mp3"),
        ("https://example.com/a/call.mp3?X-Signature=a.b#t=5", ".mp3"),
        ("/a/call.ogg?as=file.wav", ".ogg"),
        ("/a/call.ogg#file.wav", ".ogg"),
        ("https://example.com/download?file=call.mp3", ""),
        ("/download?file=call.mp3", ""),
        ("https://example.mp3", ""),
        ("https://example.mp3?a.wav", ""),
        ("https://example.com/a.mp3/", ""),
        ("", ""),
    ],
)
def test_of_a_url_the_path_alone_has_an_extension(url: str, found: str) -> None:
    assert extension(url) == found


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        *((f"call.{name}", "audio") for name in ("mp3", "wav", "m4a", "ogg", "opus", "aac", "flac", "oga", "weba")),
        *((f"call.{name}", "video") for name in ("mp4", "webm", "mov", "avi", "mkv", "m4v", "mpg", "mpeg", "ogv")),
        *((f"call.{name}", "other") for name in ("tar", "zip", "pdf", "txt", "jpg", "jpeg", "png", "html", "json")),
        ("https://example.com/call.MP4?a=b", "video"),
        ("call.mp3.pdf", "other"),
        ("call.unheard", None),
        ("call", None),
        ("", None),
    ],
)
def test_a_kind_is_judged_by_the_extension(path: str, kind: str | None) -> None:
    assert kind_of_name(path) == kind


def test_formats_are_listed_by_extensions_in_lower_case_without_a_dot() -> None:
    assert all(name == name.lower() and extension(f"a.{name}") == f".{name}" for name in FORMATS)
    assert {kind for kind, _ in FORMATS.values()} == {"audio", "video", "archive", "other"}
    assert FORMATS["mp3"] == FORMATS["mpga"] == ("audio", "mp3")


def test_a_format_goes_by_its_own_name_too() -> None:
    assert {media_format for _, media_format in FORMATS.values()} <= set(FORMATS)
