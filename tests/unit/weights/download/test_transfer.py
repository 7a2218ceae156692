"""A file arrives whole and checked, or does not get its name - whatever the line does."""

import itertools
import json
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infinitetalk.errors import EngineError
from infinitetalk.project.faults import Faults, injected
from infinitetalk.weights.download.control import DownloadCancelled
from infinitetalk.weights.download.part import journal_path, part_path
from infinitetalk.weights.download.settings import Network
from tests.download_kit import REPO, Kit, some_bytes
from tests.hub_server import Hub

DATA = some_bytes(300_000)


def code_of(work) -> str:
    with pytest.raises(EngineError) as caught:
        work()
    return caught.value.report.code


def test_a_whole_set_arrives(kit: Kit) -> None:
    files = {"a/one.safetensors": DATA, "two.bin": some_bytes(70_001, 1), "config.json": b"{}"}
    files["empty.bin"] = b""
    for name, data in files.items():
        kit.hub.add(REPO, name, data)
    kit.load()
    assert {name: kit.loaded(name) for name in files} == files
    assert kit.leftovers() == []
    assert kit.statuses("one.safetensors") == ["waiting", "running", "checking", "finished"]
    record = json.loads((kit.folder / "downloads.json").read_text("utf-8"))["files"]
    assert set(record) == {f"Own/{name}" for name in files}
    kit.events.clear()
    before = len(kit.hub.content_requests())
    kit.load()
    assert len(kit.hub.content_requests()) == before
    assert {e.status for e in kit.events} == {"finished"}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=st.lists(st.integers(0, 40_000), min_size=1, max_size=5))
def test_the_line_is_cut_at_any_byte(kit: Kit, cuts: list[int]) -> None:
    data = some_bytes(40_000, len(cuts))
    kit.hub.add(REPO, "w.bin", data)
    kit.path("w.bin").unlink(missing_ok=True)
    kit.hub.faults[:] = [fault for at in cuts for fault in [kit.hub.fault("/cdn/", cut=at)]]
    first = len(kit.hub.asked)
    kit.load(tries=9)
    assert kit.loaded("w.bin") == data
    asked = [one for one in kit.hub.asked[first:] if one.server == "cdn"]
    arrived = [0, *itertools.accumulate(cuts)]
    for one, at in zip(asked, arrived, strict=False):  # nothing is asked for twice
        assert one.start == min(at, len(data))
        assert (one.if_range is not None) == (one.start > 0)


def test_a_wrong_byte_is_noticed_and_loaded_again(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", flip=123_456)
    kit.load()
    assert kit.loaded("w.bin") == DATA
    assert [one.start for one in kit.hub.content_requests()] == [0, 0]


@pytest.mark.parametrize("name", ["w.bin", "config.json"])
def test_a_file_that_stays_wrong_gets_no_name(kit: Kit, name: str) -> None:
    kit.hub.add(REPO, name, DATA)
    kit.hub.fault(name, times=9, flip=5)
    if name == "config.json":  # the list is right, the contents are not
        kit.hub.faults[:] = [kit.hub.fault("/resolve/", times=9, flip=5)]
    assert code_of(lambda: kit.load()) == "download.damaged"
    assert not kit.path(name).exists()
    assert kit.leftovers() == []


@pytest.mark.parametrize("length", [-10, 10])
def test_a_wrong_size_is_refused_before_a_byte_is_kept(kit: Kit, length: int) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", times=9, length=length)
    assert code_of(lambda: kit.load()) == "download.changed"
    assert not kit.path("w.bin").exists()
    assert len(kit.hub.content_requests()) == 1


def test_a_list_that_announces_another_size_is_noticed(kit: Kit) -> None:
    file = kit.hub.add(REPO, "w.bin", DATA)
    lfs = {"sha256": file.sha256, "size": len(DATA) + 1, "pointerSize": 1}
    kit.hub.metadata["w.bin"] = {"lfs": lfs}
    assert code_of(lambda: kit.load()) == "download.changed"
    assert kit.hub.content_requests() == []


def test_a_list_that_announces_another_digest_is_noticed(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.metadata["w.bin"] = {"lfs": {"sha256": "0" * 64, "size": len(DATA), "pointerSize": 1}}
    assert code_of(lambda: kit.load()) == "download.changed"


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "download.token"), (403, "download.refused"), (404, "download.missing")],
)
def test_what_stays_refused_is_asked_once(kit: Kit, status: int, code: str) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.add(REPO, "v.bin", DATA[:1000])
    kit.hub.fault("/w.bin", times=9, status=status)
    assert code_of(lambda: kit.load()) == code
    assert sum("/resolve/" in one.path and "w.bin" in one.path for one in kit.hub.asked) == 1
    assert kit.loaded("v.bin") == DATA[:1000]  # the others arrive all the same


def test_an_address_that_has_expired_is_asked_for_anew(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", status=403)
    kit.load()
    assert kit.loaded("w.bin") == DATA


def test_a_range_that_the_server_lacks_starts_over(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", cut=1000)
    kit.hub.fault("/cdn/", status=416)
    kit.load()
    assert kit.loaded("w.bin") == DATA
    assert [one.start for one in kit.hub.content_requests()] == [0, 1000, 0]


def test_a_busy_server_is_given_the_time_it_asks_for(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", status=429, headers={"Retry-After": "1"})
    began = time.monotonic()
    kit.load()
    assert time.monotonic() - began >= 1.0
    assert kit.loaded("w.bin") == DATA
    assert "waiting" in kit.statuses("w.bin")[1:]


def test_a_server_in_trouble_is_asked_a_few_times(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", times=3, status=500)
    kit.load()
    assert kit.loaded("w.bin") == DATA
    kit.path("w.bin").unlink()
    kit.hub.fault("/cdn/", times=99, status=503)
    with pytest.raises(EngineError) as caught:
        kit.load()
    assert caught.value.report.code == "download.failed"
    assert caught.value.report.facts["tries"] == 4


def test_tries_count_anew_after_each_byte(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    for _ in range(12):
        kit.hub.fault("/cdn/", cut=1000)
    kit.load(tries=2)
    assert kit.loaded("w.bin") == DATA


def test_redirects_are_followed_but_not_for_ever(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/resolve/", redirect=f"/cdn/{REPO}/w.bin")  # relative: the hub answers itself
    kit.load()
    assert kit.loaded("w.bin") == DATA
    kit.path("w.bin").unlink()
    around = f"/{REPO}/resolve/main/w.bin"
    kit.hub.fault("/resolve/", times=99, redirect=around)
    assert code_of(lambda: kit.load()) == "download.failed"
    assert sum("/resolve/" in one.path for one in kit.hub.asked) < 12
    kit.hub.faults[:] = [kit.hub.fault("/resolve/", redirect="file:///etc/passwd")]
    assert code_of(lambda: kit.load()) == "download.failed"


@pytest.mark.parametrize("how", ["stall", "trickle"])
def test_a_line_that_brings_nothing_is_left(kit: Kit, how: str) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", **{how: 50_000})
    began = time.monotonic()
    kit.load(stall=0.4)
    assert kit.loaded("w.bin") == DATA
    assert 0.3 < time.monotonic() - began < 5
    if how == "stall":
        assert [one.start for one in kit.hub.content_requests()] == [0, 50_000]


@pytest.mark.slow  # a minute
@pytest.mark.timeout(180)
def test_a_stall_of_a_minute_is_noticed_with_the_usual_patience(kit: Kit) -> None:
    patience = Network().stall
    assert patience == 60.0
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", stall=50_000)
    began = time.monotonic()
    kit.load(stall=patience)
    assert 60 <= time.monotonic() - began < 90
    assert kit.loaded("w.bin") == DATA
    assert [one.start for one in kit.hub.content_requests()] == [0, 50_000]


def test_the_limit_can_be_changed_while_several_files_come(kit: Kit) -> None:
    """One clock for all lines: a limit that is lifted holds for none of them any more."""
    for n in range(3):
        kit.hub.add(REPO, f"{n}.bin", some_bytes(400_000, n))
    work = kit.download(rate_limit=100_000, at_once=3)
    running = threading.Thread(target=work.run)
    began = time.monotonic()
    running.start()
    _until(lambda: sum(kit.path(f"{n}.bin.part").exists() for n in range(3)) == 3)
    time.sleep(1.0)
    here = sum(part_path(kit.path(f"{n}.bin")).stat().st_size for n in range(3))
    spent = time.monotonic() - began
    assert here < 100_000 * spent + 3 * 70_000  # a piece of each line may have come before its turn
    work.limit.set(None)
    running.join(10)
    assert not running.is_alive()
    assert all(kit.loaded(f"{n}.bin") == some_bytes(400_000, n) for n in range(3))


def test_another_file_between_two_ranges_is_noticed(kit: Kit) -> None:
    other = some_bytes(len(DATA), 9)
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", cut=100_000)
    work = kit.download()

    def swap() -> None:
        file = kit.hub.repos[REPO]["w.bin"]
        file.data, file.etag = other, '"another"'

    _after_requests(kit.hub, 1, swap)
    assert code_of(work.run) == "download.damaged"
    assert not kit.path("w.bin").exists()
    # the second answer was a new beginning, for If-Range had named the old tag
    assert kit.hub.content_requests()[1].if_range is not None


def test_another_tag_is_noticed_where_if_range_is_ignored(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", cut=100_000)
    kit.hub.fault("/cdn/", etag='"another"', ignore_if_range=True)
    kit.load()
    assert kit.loaded("w.bin") == DATA
    assert [one.start for one in kit.hub.content_requests()] == [0, 100_000, 0]


def test_a_server_without_ranges_serves_too(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", cut=100_000)
    kit.hub.fault("/cdn/", cut=150_000, no_ranges=True)  # 100 000 of them are here already
    kit.hub.fault("/cdn/", no_ranges=True)
    kit.load()
    assert kit.loaded("w.bin") == DATA
    assert [one.start for one in kit.hub.content_requests()] == [0, 100_000, 150_000]


def test_another_mirror_goes_on_where_the_first_ended(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", cut=100_000)
    kit.hub.fault("/cdn/", times=99, status=500)
    assert code_of(lambda: kit.load()) == "download.failed"
    with Hub() as mirror:
        mirror.add(REPO, "w.bin", DATA).etag = '"of another server"'
        kit.hub, before = mirror, kit.hub
        kit.load()
        asked = mirror.content_requests()
        kit.hub = before
    assert kit.loaded("w.bin") == DATA
    assert [(one.start, one.if_range) for one in asked] == [(100_000, None)]


def test_a_full_disk_stops_all_and_keeps_what_is_there(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    work = kit.download()
    full = Faults(error="enospc", error_path="w.bin.part", error_lasts=True)
    with injected(full):
        assert code_of(work.run) == "disk.full"
    kit.load()
    assert kit.loaded("w.bin") == DATA
    # and in the middle of it
    kit.path("w.bin").unlink()
    kit.events.clear()
    points = Faults()
    with injected(points):
        kit.load()
    writes = [n for n, (step, name) in enumerate(points.points, 1) if step == "before part"]
    kit.path("w.bin").unlink()
    work = kit.download()
    reached = Faults(error="enospc", error_at=writes[2], error_lasts=True)
    with injected(reached), pytest.raises(EngineError) as caught:
        work.run()
    assert caught.value.report.code == "disk.full"
    kept = part_path(kit.path("w.bin")).stat().st_size
    assert 0 < kept < len(DATA)
    kit.load()
    assert kit.loaded("w.bin") == DATA
    assert kit.hub.content_requests()[-1].start > 0


def test_pause_closes_the_line_and_going_on_resumes(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", stall=60_001)
    work = kit.download(stall=30)
    running = threading.Thread(target=work.run)
    running.start()
    _until(lambda: _part_size(kit) == 60_001)
    work.control.pause()
    _until(lambda: kit.statuses("w.bin")[-1] == "paused")
    time.sleep(0.3)
    assert len(kit.hub.content_requests()) == 1  # nothing is asked for meanwhile
    work.control.go_on()
    running.join(10)
    assert kit.loaded("w.bin") == DATA
    assert [one.start for one in kit.hub.content_requests()] == [0, 60_001]


def test_cancel_comes_through_a_stalled_line_and_keeps_bytes(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", stall=100_000)
    work = kit.download(stall=30)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work.run()
        except DownloadCancelled as error:
            failures.append(error)

    running = threading.Thread(target=run)
    running.start()
    _until(lambda: _part_size(kit) == 100_000)
    began = time.monotonic()
    work.control.cancel()
    running.join(10)
    assert time.monotonic() - began < 2
    assert len(failures) == 1
    kit.load()
    assert kit.loaded("w.bin") == DATA
    assert kit.hub.content_requests()[-1].start == 100_000


def test_one_limit_holds_for_all_files_at_once(kit: Kit) -> None:
    for n in range(3):
        kit.hub.add(REPO, f"{n}.bin", some_bytes(200_000, n))
    kit.hub.rate = 400_000  # of each line, so that lines stay open for a while
    began = time.monotonic()
    kit.load(rate_limit=600_000, at_once=3)
    took = time.monotonic() - began
    assert 0.85 < took < 4
    assert kit.hub.most_at_once == 3
    kit.hub.most_at_once = 0
    for n in range(3):
        kit.path(f"{n}.bin").unlink()
    kit.load(at_once=1)
    assert kit.hub.most_at_once == 1
    assert all(kit.loaded(f"{n}.bin") == some_bytes(200_000, n) for n in range(3))


JUNK = st.one_of(
    st.binary(max_size=200),
    st.fixed_dictionaries(
        {
            "format": st.sampled_from([1, 2, "1"]),
            "identity": st.sampled_from(["", "sha256:x", "TRUE"]),
            "size": st.sampled_from([20_000, 1, -1, None]),
            "etag": st.sampled_from(["", '"x"', None]),
            "host": st.just("h"),
            "boot": st.sampled_from(["", "now"]),
            "flushed": st.sampled_from([0, 500, 10**9, -4, "7"]),
        }
    ).map(lambda d: json.dumps(d).encode()),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(journal=JUNK, part=st.binary(max_size=25_000))
def test_whatever_lies_beside_the_target_the_contents_are_right(
    kit: Kit, journal: bytes, part: bytes
) -> None:
    data = some_bytes(20_000, 3)
    digest = kit.hub.add(REPO, "w.bin", data).sha256
    target = kit.path("w.bin")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    part_path(target).write_bytes(part)
    journal_path(target).write_bytes(journal.replace(b"TRUE", f"sha256:{digest}".encode()))
    kit.load()
    assert target.read_bytes() == data
    assert kit.leftovers() == []


def _part_size(kit: Kit) -> int:
    path = part_path(kit.path("w.bin"))
    return path.stat().st_size if path.exists() else 0


def _until(true, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def _after_requests(hub: Hub, count: int, act) -> None:
    """`act` happens when the content server has had so many requests, before the next one."""
    note = hub.note

    def watching(asked) -> None:
        if asked.server == "cdn" and len(hub.content_requests()) == count:
            act()
        note(asked)

    hub.note = watching


def test_part_and_journal_lie_beside_the_target() -> None:
    target = Path("x") / "w.bin"
    assert part_path(target) == Path("x/w.bin.part")
    assert journal_path(target).parent == target.parent
