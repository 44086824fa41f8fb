"""A flag wins over the environment, that over the file, the file over the default; and what is wrong is told."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from mockserver.places import shown
from mockserver.settings import BY_NAME, FILE, SETTINGS, SettingsError, read_settings


class Given(Struct, frozen=True):
    """One setting in each of the places it can stand: as written there, and as it is then in force."""

    in_file: str
    from_file: Any
    variable: str
    from_variable: Any
    flag: Any
    from_flag: Any


GIVEN = {
    "host": Given('"::1"', "::1", "127.0.0.2", "127.0.0.2", "localhost", "localhost"),
    "port": Given("1", 1, "0", 0, 65535, 65535),
    "vendors": Given(
        '["siro", "voxjar"]', ("siro", "voxjar"), "siro, voxjar,", ("siro", "voxjar"), ("a,b", "c"), ("a", "b", "c")
    ),
    "store": Given(
        '"memory"',
        "memory",
        "redis://a:1/2",
        "redis://a:1/2",
        "unix://u:p@/run/r.sock?db=1",
        "unix://u:p@/run/r.sock?db=1",
    ),
    "workers": Given("2", 2, "1", 1, 64, 64),
    "scenario": Given('"one"', "one", "two", "two", "three", "three"),
    "seed": Given('"one"', "one", "two", "two", "three", "three"),
    "pace": Given("0.5", "0.5", "0.1", "0.1", "reads:3", "reads:3"),
    "any_token": Given("false", False, "no", False, True, True),
    "no_marks": Given("true", True, "0", False, True, True),
    "strict": Given("true", True, "no", False, True, True),
    "check_replies": Given("true", True, "FALSE", False, True, True),
    "documents": Given('"a"', "a", "b", "b", "c", "c"),
    "accounts": Given('"a.json"', "a.json", "b.json", "b.json", "c.json", "c.json"),
    "admin_token": Given('"off"', "off", "t0k/en+=", "t0k/en+=", "other", "other"),
    "public_url": Given('"http://a"', "http://a", "https://b:1/c", "https://b:1/c", "http://d/", "http://d/"),
    "allow_host": Given('["A.test"]', ("A.test",), "b.test,[::1]", ("b.test", "[::1]"), ("c.test",), ("c.test",)),
    "allow_origin": Given(
        '["null"]', ("null",), "http://a", ("http://a",), ("http://b", "x://c:1"), ("http://b", "x://c:1")
    ),
    "tls": Given('"a,b"', "a,b", "self-signed", "self-signed", "c", "c"),
    "reload": Given("true", True, "0", False, True, True),
    "log_format": Given('"json"', "json", "text", "text", "json", "json"),
    "max_upload": Given("0", 0, "10", 10, 1000, 1000),
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)


def test_every_setting_is_tried() -> None:
    assert GIVEN.keys() == BY_NAME.keys()


@pytest.mark.parametrize("name", GIVEN)
def test_a_default_gives_way_to_the_file_the_file_to_the_environment_and_that_to_a_flag(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting, given = BY_NAME[name], GIVEN[name]
    assert read_settings({}, tmp_path)[name] == setting.default
    (tmp_path / FILE).write_text(f"{name} = {given.in_file}\n")
    assert read_settings({}, tmp_path)[name] == given.from_file
    monkeypatch.setenv(setting.variable, given.variable)
    assert read_settings({}, tmp_path)[name] == given.from_variable
    assert read_settings({name: given.flag}, tmp_path)[name] == given.from_flag


@pytest.mark.parametrize("name", [name for name in BY_NAME if "_" in name])
def test_a_file_may_write_a_setting_as_the_flag_is_written(name: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(f"{name.replace('_', '-')} = {GIVEN[name].in_file}\n")
    assert read_settings({}, tmp_path)[name] == GIVEN[name].from_file


@pytest.mark.parametrize("name", GIVEN)
def test_an_empty_variable_is_not_set(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BY_NAME[name].variable, "")
    assert read_settings({}, tmp_path)[name] == BY_NAME[name].default


def test_settings_are_read_from_the_folder_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE).write_text("port = 1\n")
    monkeypatch.chdir(tmp_path)
    assert read_settings({})["port"] == 1


def test_flags_and_variables_are_named_after_their_settings() -> None:
    assert [(setting.flag, setting.variable) for setting in SETTINGS if setting.name == "allow_host"] == [
        ("--allow-host", "MOCKSERVER_ALLOW_HOST")
    ]


def test_tables_are_vendors_options(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(
        'port = 1\n[voxjar]\nsuccess_status = 201\n["siro@2026-08"]\nstrict_media_url = true\n'
    )
    settings = read_settings({}, tmp_path)
    assert settings.options == {"voxjar": {"success_status": 201}, "siro@2026-08": {"strict_media_url": True}}
    assert settings["port"] == 1


@pytest.mark.parametrize("text", ["1", "true", "yes", "TRUE", "Yes"])
def test_yes_is_said_in_these_ways(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_ANY_TOKEN", text)
    assert read_settings({}, tmp_path)["any_token"] is True


WANTS = {
    "host": "a text",
    "port": "a number from 0 to 65535",
    "vendors": "a list of vendors' names",
    "store": "memory, redis://HOST:PORT/DB or unix:///PATH/TO/SOCKET?db=DB, a password in it percent-encoded",
    "workers": "a number from 1 to 64",
    "pace": "a number of at most six digits and six decimals, immediate, held or reads:N",
    "any_token": "true or false",
    "strict": "true or false",
    "admin_token": "letters, digits and signs without blanks",
    "public_url": "an address such as https://mock.example",
    "allow_host": "a host without its port",
    "allow_origin": "an origin such as https://app.example",
    "log_format": "text or json",
    "max_upload": "a number of bytes",
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "http"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", "4747.0"),
        ("port", "1" * 5000),
        ("vendors", "a b"),
        ("pace", "fast"),
        ("pace", "-1"),
        ("pace", "1e-7"),
        ("pace", "reads:0"),
        ("any_token", "perhaps"),
        ("strict", "very"),
        ("admin_token", "two words"),
        ("admin_token", "tökén"),
        ("public_url", "mock.example"),
        ("public_url", "ftp://mock.example"),
        ("public_url", "http://mock.example?a"),
        ("allow_host", "mock.test:80"),
        ("allow_host", "http://mock.test"),
        ("allow_origin", "app.example"),
        ("allow_origin", "https://app.example/"),
        ("log_format", "xml"),
        ("max_upload", "1k"),
        ("max_upload", "9999999999999999"),
        ("workers", "0"),
        ("workers", "65"),
    ],
)
def test_a_wrong_variable_is_named_with_what_it_should_be(
    name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BY_NAME[name].variable, text)
    with pytest.raises(SettingsError) as caught:
        read_settings({}, tmp_path)
    assert str(caught.value) == f"{BY_NAME[name].variable} is {WANTS[name]}, not {text!r}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host", ""),
        ("port", 65536),
        ("port", -1),
        ("vendors", ("a/b",)),
        ("pace", "immediately"),
        ("admin_token", ""),
        ("public_url", ""),
        ("allow_host", ("[::1]:80",)),
        ("allow_origin", ("http://",)),
        ("log_format", "JSON"),
        ("max_upload", -5),
    ],
)
def test_a_wrong_flag_is_named_with_what_it_should_be(name: str, value: Any, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({name: value}, tmp_path)
    item = value[0] if isinstance(value, tuple) else value
    assert str(caught.value) == f"{BY_NAME[name].flag} is {WANTS[name]}, not {item!r}"


@pytest.mark.parametrize(
    "address",
    [
        "redis",
        "redis://",
        "http://hidden@a",
        "redis://:hid/den@a",
        "redis://:hid@den@a",
        "redis://:hidden@a?db=1",
        "redis://:hidden@a:65536",
        "redis://:hidden@a/b",
        "unix://:hidden@nowhere",
        "unix:///a?password=hidden",
        "rediss://a",
    ],
)
def test_a_wrong_store_is_told_without_what_was_given(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"store": address}, tmp_path)
    assert str(caught.value) == f"--store is {WANTS['store']}"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("redis://user:hid%2Fden@[::1]:6379/1", "redis://[::1]:6379/1"),
        ("redis://localhost", "redis://localhost"),
        ("unix://:hidden@/run/redis.sock?db=1", "unix:///run/redis.sock?db=1"),
    ],
)
def test_a_store_is_told_without_its_password(address: str, told: str, tmp_path: Path) -> None:
    assert shown(read_settings({"store": address}, tmp_path)["store"]) == told


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('port = "1"', "port is a number from 0 to 65535, not '1'"),
        ("port = true", "port is a number from 0 to 65535, not True"),
        ("port = 1.5", "port is a number from 0 to 65535, not 1.5"),
        ("host = 1", "host is a text, not 1"),
        ("pace = 1e-7", f"pace is {WANTS['pace']}, not 1e-07"),
        ("pace = inf", f"pace is {WANTS['pace']}, not inf"),
        ("pace = true", f"pace is {WANTS['pace']}, not True"),
        ("pace = [1]", f"pace is {WANTS['pace']}, not [1]"),
        ("seed = 42", "seed is a text, not 42"),
        ('any_token = "yes"', "any_token is true or false, not 'yes'"),
        ("any-token = 1", "any_token is true or false, not 1"),
        ("vendors = [1]", "vendors is a list of vendors' names, not 1"),
        ('vendors = "a, b"', "vendors is a list of vendors' names, not 'a, b'"),
        ("allow_host = [true]", "allow_host is a host without its port, not True"),
        ("seed = 2026-01-01", "seed is a text, not datetime.date(2026, 1, 1)"),
    ],
)
def test_a_wrong_value_in_the_file_is_named_with_what_it_should_be(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_settings({}, tmp_path)
    assert str(caught.value) == f"{path}: {says}"


@pytest.mark.parametrize(("text", "pace"), [("2", "2"), ("0.1", "0.1"), ('"2"', "2"), ('"reads:2"', "reads:2")])
def test_a_pace_is_written_as_a_number_or_as_a_text(text: str, pace: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(f"pace = {text}")
    assert read_settings({}, tmp_path)["pace"] == pace


def test_one_name_is_a_list_too(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('vendors = "voxjar"')
    assert read_settings({}, tmp_path)["vendors"] == ("voxjar",)


def test_an_unknown_setting_is_told_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("prot = 1")
    with pytest.raises(SettingsError, match=r"mockserver.toml: unknown setting 'prot': known are host, port, vendors"):
        read_settings({}, tmp_path)


@pytest.mark.parametrize("content", [b"port = ", b"= 1", b"\xff", b"port = 1\nport = 2", b"x=" + b"[" * 50_000])
def test_a_broken_file_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(SettingsError, match=r"mockserver\.toml: .+"):
        read_settings({}, tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(SettingsError, match=r"mockserver\.toml: is a directory"):
        read_settings({}, tmp_path)
