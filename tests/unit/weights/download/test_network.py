"""Addresses, proxies, tokens, limits, and what a log may know."""

import logging
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infinitetalk.cli.weights_download import parse_rate
from infinitetalk.errors import EngineError
from infinitetalk.weights.download import token as tokens
from infinitetalk.weights.download.client import _safe_target, retry_after, transport_problems
from infinitetalk.weights.download.control import DownloadCancelled, DownloadControl, Interrupted
from infinitetalk.weights.download.problems import TryAgain
from infinitetalk.weights.download.rate import RateLimit
from infinitetalk.weights.download.remote import RemoteFile, safe_name
from infinitetalk.weights.download.settings import Network
from tests.download_kit import REPO, Kit, some_bytes
from tests.hub_server import Hub

SECRET = "hf_secretsecretsecret"
DATA = some_bytes(30_000)


def test_the_token_goes_to_the_hub_alone_and_nowhere_else(
    kit: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kit.hub.token = SECRET
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", cut=100)
    kit.load(token=SECRET)
    assert kit.loaded("w.bin") == DATA
    sent = {(one.server, one.authorization) for one in kit.hub.asked}
    assert sent == {("hub", f"Bearer {SECRET}"), ("cdn", None)}
    written = b"".join(p.read_bytes() for p in kit.folder.rglob("*") if p.suffix == ".json")
    assert SECRET.encode() not in written
    assert SECRET not in caplog.text
    assert "X-Signature" not in caplog.text
    assert SECRET not in repr(kit.network(token=SECRET))


def test_a_token_that_another_program_left_is_not_used(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", SECRET)
    monkeypatch.setenv("HUGGING_FACE_HUB_TOKEN", SECRET)
    kit.hub.add(REPO, "w.bin", DATA)
    kit.load()
    assert {one.authorization for one in kit.hub.asked} == {None}
    kit.hub.token = SECRET
    with pytest.raises(EngineError) as caught:
        kit.plan()
    assert caught.value.report.code == "download.token"
    assert "asks for an access token" in caught.value.report.detail


def test_nothing_about_this_machine_is_told(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.load()
    assert all(one.agent.startswith("infinitetalk-desktop/") for one in kit.hub.asked)
    assert all(word not in one.agent for one in kit.hub.asked for word in ("python", "torch"))


def test_a_proxy_is_used_where_it_is_named(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    with Hub() as proxy:  # answers for the hub, whatever address is asked
        proxy.repos = kit.hub.repos
        kit.load(proxy=proxy.url())
        assert kit.loaded("w.bin") == DATA
        assert kit.hub.asked == []
        assert all(one.proxied for one in proxy.asked[:2])
        kit.path("w.bin").unlink()
        monkeypatch.setenv("HTTP_PROXY", proxy.url())
        before = len(proxy.asked)
        kit.load()  # the system's
        assert len(proxy.asked) > before
        assert kit.hub.asked == []
        kit.path("w.bin").unlink()
        before = len(proxy.asked)
        kit.load(proxy="")  # none
        assert len(proxy.asked) == before
    assert kit.loaded("w.bin") == DATA


def test_a_proxy_that_is_not_there_is_said(kit: Kit) -> None:
    with Hub() as other:
        gone = other.url()
    with pytest.raises(EngineError) as caught:
        kit.load(proxy=gone, tries=1)
    assert caught.value.report.code == "download.failed"


@pytest.mark.parametrize("address", ["", "hub", "ftp://hub", "https://", "https://[", "http://h:0"])
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(EngineError) as caught:
        Network(endpoint=address)
    assert caught.value.report.code == "download.address"


def test_a_password_in_an_address_is_not_shown() -> None:
    with pytest.raises(EngineError) as caught:
        Network(proxy="socks9://anna:geheim@host")
    assert "geheim" not in str(caught.value)


def test_a_token_needs_encryption_except_on_this_machine() -> None:
    for endpoint, sent in (
        ("https://mirror.example", SECRET),
        ("http://127.0.0.1:9", SECRET),
        ("http://mirror.example", None),
    ):
        assert Network(endpoint=endpoint, token=SECRET).token_for(f"{endpoint}/x") == sent
    network = Network(endpoint="https://hub.example", token=SECRET)
    assert network.token_for("https://cdn.example/x") is None
    assert network.token_for("http://hub.example/x") is None


def test_encryption_is_not_given_up_on_the_way() -> None:
    file = RemoteFile(repo="a/b", commit="c", name="w", size=1, sha256="0" * 64)
    assert _safe_target("http://h/x", "https://h/y", file) == "https://h/y"
    for target in ("http://h/y", "file:///y", "data:,x", "https:///y"):
        with pytest.raises(EngineError):
            _safe_target("https://h/x", target, file)


def test_retry_after_in_both_forms() -> None:
    assert retry_after({}) is None
    assert retry_after({"Retry-After": "7"}) == 7
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < (retry_after({"Retry-After": soon}) or 0) <= 30
    assert retry_after({"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}) == 0
    assert retry_after({"Retry-After": "soon"}) is None


class Store:
    """A key store in memory, in place of the system's."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_keyring(self) -> object:
        return self

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.kept[service, name] = secret

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path))
    return tmp_path


def test_a_token_is_kept_in_the_key_store_per_server(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store()
    monkeypatch.setitem(sys.modules, "keyring", store)  # type: ignore[arg-type]  # its three functions
    hub, mirror = "https://hub.example", "https://mirror.example"
    assert tokens.read_token(hub) is None
    tokens.save_token(hub, f" {SECRET}\n")
    assert tokens.read_token(hub) == SECRET
    assert tokens.read_token(mirror) is None
    assert SECRET not in "".join(p.read_text("utf-8") for p in home.rglob("*.json"))
    assert store.kept == {("InfiniteTalk", "hub.example"): SECRET}
    assert tokens.forget_token(hub)
    assert not tokens.forget_token(hub)
    for wrong in ("", "two words", "ü"):
        with pytest.raises(EngineError) as caught:
            tokens.save_token(hub, wrong)
        assert caught.value.report.code == "download.token_form"


def test_a_key_store_is_opened_only_for_a_server_that_has_a_token(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asking(Store):
        def get_password(self, service: str, name: str) -> str | None:
            raise AssertionError("the user would be asked for a password")

    monkeypatch.setitem(sys.modules, "keyring", Asking())  # type: ignore[arg-type]  # as above
    assert tokens.read_token("https://hub.example") is None


def test_a_readable_file_is_no_key_store(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PlaintextKeyring(Store):
        pass

    monkeypatch.setitem(sys.modules, "keyring", PlaintextKeyring())  # type: ignore[arg-type]  # as above
    with pytest.raises(EngineError) as caught:
        tokens.save_token("https://hub.example", SECRET)
    assert caught.value.report.code == "download.key_store"


def test_without_a_key_store_nothing_is_saved(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: str) -> None:
        raise RuntimeError("the key store is locked")

    broken = SimpleNamespace(
        get_keyring=object, get_password=locked, set_password=locked, delete_password=locked
    )
    for module in (None, broken):  # None: not installed
        monkeypatch.setitem(sys.modules, "keyring", module)  # type: ignore[arg-type]  # as above
        assert tokens.read_token("https://hub.example") is None
        for act in (
            lambda: tokens.save_token("https://h", SECRET),
            lambda: tokens.forget_token("h"),
        ):
            with pytest.raises(EngineError) as caught:
                act()
            assert caught.value.report.code == "download.key_store"
            assert SECRET not in str(caught.value)
    monkeypatch.setenv(tokens.VARIABLE, SECRET)
    assert tokens.read_token("https://hub.example") == SECRET


@given(st.text(max_size=60))
def test_a_name_stays_below_its_folder_on_every_system(name: str) -> None:
    from pathlib import PurePosixPath, PureWindowsPath

    try:
        safe = safe_name(name)
    except ValueError:
        return
    for kind in (PurePosixPath, PureWindowsPath):
        path = kind(safe)
        assert not path.is_absolute()
        assert not path.drive
        assert ".." not in path.parts
        assert path.parts


def test_speed_limits_as_people_write_them() -> None:
    assert parse_rate("5M") == 5_000_000
    assert parse_rate("800k") == 800_000
    assert parse_rate("2.5 MB/s") == 2_500_000
    assert parse_rate("100") == 100
    for wrong in ("", "fast", "-1", "0", "1.2.3M", "5T"):
        with pytest.raises(EngineError):
            parse_rate(wrong)


def test_the_limit_books_for_all_and_can_be_changed() -> None:
    limit = RateLimit(1000)
    assert limit.book(500) == pytest.approx(0.5, abs=0.05)
    assert limit.book(500) == pytest.approx(1.0, abs=0.05)
    limit.set(None)
    assert limit.book(10**9) == 0
    limit.set(1_000_000)
    assert limit.book(1000) < 0.01


def test_a_pause_wakes_who_sleeps() -> None:
    control = DownloadControl()
    woken: list[float] = []

    def sleep() -> None:
        began = time.monotonic()
        with pytest.raises(Interrupted):
            control.sleep(20)
        woken.append(time.monotonic() - began)

    sleeper = threading.Thread(target=sleep)
    sleeper.start()
    time.sleep(0.05)
    control.pause()
    sleeper.join(5)
    assert woken[0] < 2
    control.go_on()
    control.sleep(0.001)


def test_a_second_download_into_the_folder_is_refused(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", stall=1000)
    first = kit.download(stall=20)

    def run() -> None:
        with pytest.raises(DownloadCancelled):
            first.run()

    running = threading.Thread(target=run)
    running.start()
    end = time.monotonic() + 10
    while not kit.hub.content_requests() and time.monotonic() < end:
        time.sleep(0.01)
    with pytest.raises(EngineError) as caught:
        kit.load()
    assert caught.value.report.code == "download.busy"
    first.control.cancel()
    running.join(10)
    kit.load()
    assert kit.loaded("w.bin") == DATA
    assert not (kit.folder / ".downloads.lock").exists()


@pytest.mark.parametrize(
    ("interfaces", "host", "words"),
    [
        ({"lo": "up,loopback"}, "hub.invalid", "not connected to a network"),
        ({"lo": "up,loopback", "wlan0": "up,broadcast"}, "hub.invalid", "can't be reached"),
        ({"Loopback Pseudo-Interface 1": ""}, "hub.invalid", "not connected to a network"),
        ({"lo": "up,loopback"}, "127.0.0.1", "can't be reached"),
    ],
)
def test_no_network_is_told_from_a_server_that_is_away(
    monkeypatch: pytest.MonkeyPatch, interfaces: dict[str, str], host: str, words: str
) -> None:
    import httpx2
    import psutil

    facts = {n: SimpleNamespace(isup=True, flags=flags) for n, flags in interfaces.items()}
    monkeypatch.setattr(psutil, "net_if_stats", lambda: facts)
    request = httpx2.Request("GET", f"https://{host}/x")
    with pytest.raises(TryAgain, match=words), transport_problems():
        raise httpx2.ConnectError("no", request=request)
