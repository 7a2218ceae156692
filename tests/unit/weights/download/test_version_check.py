"""Asking for a newer version: one small file, read with distrust; nothing is loaded or run."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infinitetalk import __version__
from infinitetalk.errors import EngineError
from infinitetalk.weights.download import version_check
from infinitetalk.weights.download.settings import HUB, Network
from infinitetalk.weights.download.version_check import (
    MAX_BYTES,
    bundled_address,
    check_version,
)
from tests.version_server import GOOD, Server


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def network(**more: Any) -> Network:
    return Network(proxy="", **more)


def problem(address: str, patience: float = 5.0, **more: Any) -> tuple[str, str]:
    with pytest.raises(EngineError) as caught:
        check_version(address, network(**more), patience=patience)
    report = caught.value.report
    assert report.remedy
    assert "Traceback" not in report.detail
    return report.code, report.detail


def test_a_newer_version_is_told(server: Server) -> None:
    found = check_version(server.put("/newest", GOOD), network(token="secret"))
    assert (found.current, found.version, found.newer) == (__version__, "99.1.0", True)
    assert (found.page, found.notes) == ("https://example.org/get", "Faster.\nSafer.")
    assert found.packages == {"infinitetalk-99.1.0.deb": "ab" * 32}
    path, headers = server.asked[0]
    assert len(server.asked) == 1  # neither its page nor a package is asked for
    assert path == "/newest"
    assert headers["User-Agent"] == f"infinitetalk-desktop/{__version__}"
    assert not {"Authorization", "Cookie", "Referer"} & set(headers)


@pytest.mark.parametrize(
    ("current", "newest", "newer"),
    [
        ("0.9", "0.10", True),
        ("1.0", "1.0.0", False),
        ("1.0", "1.0rc1", False),
        ("1.0.dev3", "1.0", True),
        ("2.0", "1.9", False),
    ],
)
def test_versions_are_compared_as_versions(
    server: Server, current: str, newest: str, newer: bool
) -> None:
    address = server.put("/", {"format": 1, "version": newest})
    found = check_version(address, network(), current=current)
    assert found.newer is newer
    assert (found.page, found.notes, found.packages) == ("", "", {})


def test_a_build_without_an_address_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version_check, "bundled_address", lambda: "")
    code, detail = problem("  ")
    assert code == "version.no_address"
    assert __version__ in detail


def test_the_address_is_data(tmp_path: Path, server: Server) -> None:
    assert bundled_address() == ""  # of a checkout
    file = tmp_path / "check.json"
    for text in ("", "[]", "{", '{"format": 2, "address": "https://x"}', '{"format": 1}'):
        file.write_text(text)
        assert bundled_address(file) == ""
    file.write_text(json.dumps({"format": 1, "address": server.put("/b", GOOD)}))
    assert check_version(bundled_address(file), network()).newer


@pytest.mark.parametrize(
    "address",
    [
        "newest.json",
        "ftp://h/x",
        "http://example.org/x",
        "https://",
        "https://u:p@h/x",
        "https://[",
    ],
)
def test_addresses_that_are_not_asked(address: str) -> None:
    code, detail = problem(address)
    assert code == "version.address"
    assert "p@" not in detail


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (b"<html>Log in</html>", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"", "no JSON"),
        (b"[" * 100_000, ""),
        ([], "no table"),
        ({}, "format"),
        ({"format": 2, "version": "1"}, "format"),
        ({"format": 1}, "'version' is missing"),
        ({"format": 1, "version": "newest"}, "version"),
        ({"format": 1, "version": 3}, "text"),
        ({**GOOD, "page": "http://example.org"}, "https"),
        ({**GOOD, "page": "javascript:alert(1)"}, "https"),
        ({**GOOD, "page": "file:///etc/passwd"}, "https"),
        ({**GOOD, "page": ["https://x"]}, "text"),
        ({**GOOD, "notes": {}}, "text"),
        ({**GOOD, "packages": ["x"]}, "table"),
        ({**GOOD, "packages": {"x.deb": "short"}}, "SHA-256"),
        ({**GOOD, "packages": {"x.deb": None}}, "text"),
        (b"[" + b" " * MAX_BYTES + b"]", "KiB"),
    ],
)
def test_garbage_is_no_version(server: Server, said: object, word: str) -> None:
    code, detail = problem(server.put("/x", said))
    assert code == "version.unclear"
    assert word in detail


def test_what_is_shown_is_plain_text(server: Server) -> None:
    said = {**GOOD, "notes": "a\x1b[31mb\u202ec\r\n" + "d" * 20_000}
    found = check_version(server.put("/x", said), network())
    assert found.notes.startswith("a[31mbc\nd")
    assert len(found.notes) == version_check.MAX_NOTES


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503])
def test_refusals_are_told_in_words(server: Server, status: int) -> None:
    code, detail = problem(server.put("/x", b"", status))
    assert code == "version.failed"
    assert str(status) in detail


def test_redirects_stay_on_the_server(server: Server) -> None:
    server.put("/newest", GOOD)
    assert check_version(server.put("/old", b"", 302, Location="/newest"), network()).newer
    other = Server()
    try:
        away = other.put("/newest", GOOD)
        for target in (away, "https://example.org/newest", "file:///etc/passwd", ""):
            code, detail = problem(server.put("/away", b"", 301, Location=target))
            assert code == "version.failed"
            assert "elsewhere" in detail
        assert other.asked == []
    finally:
        other.close()
    code, detail = problem(server.put("/round", b"", 302, Location="/round"))
    assert (code, "redirects" in detail) == ("version.failed", True)


@pytest.mark.parametrize("how", ["stall", "trickle"])
def test_a_server_that_does_not_answer_is_left(server: Server, how: str) -> None:
    server.put(f"/{how}", b"")
    code, _ = problem(server.url(f"/{how}"), patience=0.5)
    assert code == "version.failed"


def test_a_server_that_is_not_there(server: Server) -> None:
    code, detail = problem("http://127.0.0.1:9/x")
    assert code == "version.failed"
    assert "can't be reached" in detail


def test_the_proxy_and_the_mirror_are_honored(server: Server) -> None:
    server.put("/newest", GOOD)
    found = check_version(HUB + "/newest", network(endpoint=server.url("")))
    assert found.newer
    assert found.address == server.url("/newest")
    asked = server.url("/newest").replace("127.0.0.1", "localhost")
    server.put(asked, GOOD)  # a proxy is asked with the whole address
    found = check_version(asked, Network(proxy=server.url("")))
    assert found.newer
    assert server.asked[-1][0] == asked
