"""Packages for Linux from a bundle of two shell scripts: the whole way at small size."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from installer import build
from installer.linux import archives, deb, fallback, integration
from installer.packing import layout, libraries
from installer.packing.layout import ENGINE, PROGRAM
from tests.installer import tiny_bundle

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="tools of Linux")
DEPENDS = ["libc6 (>= 2.28)", "libegl1"]


def needs(*programs: str):
    missing = [name for name in programs if shutil.which(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")


@pytest.fixture
def folders(tmp_path):
    return tiny_bundle.make(tmp_path / "build")


@pytest.fixture
def portable(folders):
    """What tar.gz and AppImage carry, with two libraries instead of all of Qt's."""
    tree = folders.work / "portable"
    fallback.link_tree(folders.bundle, tree / "app")
    for name in (PROGRAM, ENGINE):
        shutil.copy(layout.INSTALLER / "linux" / "launcher.sh", tree / name)
        (tree / name).chmod(0o755)
    for name in ("libpresent.so.1", "libabsent.so.1"):
        (tree / "fallback" / name).mkdir(parents=True)
    integration.write(tree / "share", folders.work / "icons", command=PROGRAM)
    return tree


def fake_ldconfig(folder: Path) -> dict[str, str]:
    """An environment in which the loader knows libpresent.so.1 alone."""
    folder.mkdir()
    tool = folder / "ldconfig"
    tool.write_text("#!/bin/sh\nprintf '2 libs\\n\\tlibpresent.so.1 (libc6,x86-64) => /x\\n'\n")
    tool.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def test_the_launcher_lends_only_what_the_system_lacks(portable, tmp_path):
    environment = fake_ldconfig(tmp_path / "bin")
    for name in (PROGRAM, ENGINE):
        done = subprocess.run(
            [portable / name, "a b", "Ö"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        words = done.stdout.split()
        assert words[:4] == [name, "a", "b", "Ö"]
        assert words[-1] == str(portable / "fallback" / "libabsent.so.1")


def test_the_launcher_works_through_a_link_from_a_folder_with_spaces(portable, tmp_path):
    place = tmp_path / "Anna Öström"
    shutil.move(portable, place)
    (tmp_path / PROGRAM).symlink_to(place / PROGRAM)
    done = subprocess.run([tmp_path / PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(PROGRAM)


@needs("tar", "gzip")
def test_tar_has_one_folder_and_keeps_links_and_modes(folders, portable, tmp_path):
    package = archives.tarball(folders, portable)
    subprocess.run(["tar", "-xzf", package, "-C", tmp_path], check=True)
    top = tmp_path / f"{PROGRAM}-{layout.version()}"
    assert os.access(top / PROGRAM, os.X_OK)
    assert (top / "app/_internal/link.txt").readlink() == Path("libdata.txt")
    assert (top / "share/applications/infinitetalk.desktop").is_file()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(PROGRAM)] == [top.name]


def small_runtime(folder: Path) -> tuple[Path, str]:
    """A program that stands in for the AppImage's runtime: it has the mark and runs."""
    data = bytearray(Path("/bin/true").read_bytes())
    data[8:11] = archives.APPIMAGE_MARK
    place = folder / "runtime"
    place.write_bytes(data)
    return place, hashlib.sha256(data).hexdigest()


@needs("mksquashfs", "unsquashfs")
def test_appimage_holds_the_folder_behind_the_given_runtime(folders, portable, tmp_path):
    runtime, digest = small_runtime(tmp_path)
    image = archives.appimage(folders, portable, runtime, digest)
    assert image.read_bytes()[: runtime.stat().st_size] == runtime.read_bytes()
    assert archives.payload_offset(image) == runtime.stat().st_size
    assert subprocess.run([image], check=False).returncode == 0  # the runtime is still a program
    archives.extract(image, tmp_path / "AppDir")
    run = subprocess.run(
        [tmp_path / "AppDir/AppRun", "x"], capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith(f"{PROGRAM} x")
    assert (tmp_path / "AppDir/infinitetalk.desktop").is_file()
    assert (tmp_path / "AppDir/.DirIcon").resolve().name == "infinitetalk.png"


def test_a_runtime_that_is_not_the_expected_one_is_refused(tmp_path):
    runtime, digest = small_runtime(tmp_path)
    assert archives.checked_runtime(runtime, digest.upper()) == runtime
    with pytest.raises(ValueError, match="expected"):
        archives.checked_runtime(runtime, "0" * 64)
    plain = Path("/bin/true")
    with pytest.raises(ValueError, match="type 2"):
        archives.checked_runtime(plain, hashlib.sha256(plain.read_bytes()).hexdigest())


@needs("dpkg-deb")
def test_deb(folders, tmp_path):
    package = deb.build(folders, DEPENDS)
    fields = subprocess.run(["dpkg-deb", "-f", package], capture_output=True, text=True, check=True)
    control = dict(re.findall(r"(?m)^(\S+): (.*)$", fields.stdout))
    assert control["Package"] == PROGRAM
    assert control["Version"] == layout.version()
    assert control["Depends"] == ", ".join(DEPENDS)
    assert control["Conflicts"] == f"{PROGRAM}-cuda"
    assert control["Maintainer"] == "{} <{}>".format(*layout.maintainer())
    assert "Suggests" not in control
    subprocess.run(["dpkg-deb", "-x", package, tmp_path / "x"], check=True)
    for name in (PROGRAM, ENGINE):
        assert (tmp_path / "x/usr/bin" / name).readlink() == Path(f"/opt/{PROGRAM}/{name}")
        assert os.access(tmp_path / "x/opt" / PROGRAM / name, os.X_OK)
    subprocess.run(["dpkg-deb", "-e", package, tmp_path / "e"], check=True)
    for script in ("prerm", "postrm"):
        subprocess.run(["sh", "-n", tmp_path / "e" / script], check=True)
    listed = subprocess.run(["dpkg-deb", "-c", package], capture_output=True, text=True, check=True)
    assert not [line for line in listed.stdout.splitlines() if "root/root" not in line]


def test_the_other_flavor_conflicts_the_other_way(tmp_path):
    folders = tiny_bundle.make(tmp_path, "cuda")
    text = deb.control(folders, DEPENDS, 2048)
    assert f"Package: {PROGRAM}-cuda\n" in text
    assert f"Conflicts: {PROGRAM}\n" in text
    assert "Suggests: libcuda1\n" in text
    assert "Installed-Size: 2\n" in text


def test_entry_type_and_description_agree(tmp_path):
    folders = tiny_bundle.make(tmp_path / "build")
    integration.write(tmp_path / "share", folders.work / "icons", command=PROGRAM)
    entry = (tmp_path / "share/applications/infinitetalk.desktop").read_text("utf-8")
    mime = ET.parse(tmp_path / "share/mime/packages/infinitetalk.xml").getroot()
    name = "{http://www.freedesktop.org/standards/shared-mime-info}"
    kind = mime.find(f"{name}mime-type")
    assert kind is not None
    assert f"MimeType={kind.get('type')};" in entry
    globs = [g.get("pattern") for g in kind.findall(f"{name}glob")]
    assert globs == ["*.italk"]
    assert f"Exec={PROGRAM} %f\n" in entry
    about = ET.parse(tmp_path / "share/metainfo/infinitetalk.metainfo.xml").getroot()
    release = about.find("releases/release")
    assert release is not None
    assert release.get("version") == layout.version()
    # The name by which the window makes itself known is the entry's: else it has no icon.
    window = (layout.ROOT / "desktop/app.py").read_text("utf-8")
    assert f'setDesktopFileName("{layout.DESKTOP_ID}")' in window
    if tool := shutil.which("desktop-file-validate"):
        subprocess.run([tool, tmp_path / "share/applications/infinitetalk.desktop"], check=True)


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("anna@maintainers.org", False),
        ("nobody@example.invalid", True),
        ("root@localhost", True),
        ("", True),
    ],
)
def test_nothing_goes_out_without_someone_to_write_to(monkeypatch, address, refused):
    project = {"maintainers": [{"name": "Anna", "email": address}]}
    monkeypatch.setattr(layout, "project", lambda: project)
    assert (layout.why_no_release() is not None) == refused
    monkeypatch.setattr(sys, "argv", ["build.py", "--release", "--format", "setup"])
    monkeypatch.setattr(build, "bundle", lambda *_: None)
    monkeypatch.setattr(build, "packages", lambda *_: [])
    monkeypatch.setattr(build, "check_sizes", lambda *_, **__: 0)
    if refused:
        with pytest.raises(SystemExit, match="nobody can write"):
            build.main()
    else:
        assert build.main() == 0


def test_the_driver_s_library_is_asked_of_nobody(tmp_path):
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc")
    (tmp_path / "x.c").write_text("int x(void) { return 0; }\n")
    driver, ours = tmp_path / "libcuda.so.1", tmp_path / "bundle/libours.so"
    ours.parent.mkdir()
    soname = ["-Wl,-soname,libcuda.so.1"]
    subprocess.run(["gcc", "-shared", "-o", driver, *soname, tmp_path / "x.c"], check=True)
    linked = ["-Wl,--no-as-needed", driver]
    subprocess.run(["gcc", "-shared", "-o", ours, tmp_path / "x.c", *linked], check=True)
    missing, _ = libraries.needed_and_symbols(ours.parent)
    assert missing == set(libraries.OPENED_BY_NAME)


@needs("readelf", "ldconfig", "dpkg")
def test_what_a_bundle_asks_of_the_machine(tmp_path):
    (tmp_path / "lib").mkdir()
    shutil.copy(libraries.on_this_machine()["libssl.so.3"].resolve(), tmp_path / "lib/libssl.so.3")
    missing, glibc = libraries.needed_and_symbols(tmp_path)
    assert missing == {"libcrypto.so.3", *libraries.OPENED_BY_NAME}
    assert re.fullmatch(r"2\.\d+", glibc)
    assert {"libcrypto.so.3"} == set(libraries.closure({"libcrypto.so.3"}))
    with pytest.raises(LookupError, match="libnowhere"):
        libraries.closure({"libnowhere.so.9"})
