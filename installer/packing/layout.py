"""Names and folders of the packages: one place that the spec, the scripts and the tests agree on."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INSTALLER = ROOT / "installer"
PROGRAM = "infinitetalk-desktop"  # the window, and the name of packages and files
ENGINE = "infinitetalk"  # the engine's child and command line
TITLE = "InfiniteTalk Desktop"
DESKTOP_ID = "infinitetalk"  # the window names it to the compositor: one icon, one group of windows
MIME_TYPE = "application/x-infinitetalk-project"
LIBRARY_FOLDER = "_internal"  # of PyInstaller: everything but the two programs
FLAVORS = ("cpu", "cuda")


def version() -> str:
    """The one version number."""
    return str(project()["version"])


def project() -> dict:
    """The table `project` of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def maintainer() -> tuple[str, str]:
    """Name and address of whoever answers for the packages: the first maintainer of pyproject.toml."""
    first = project()["maintainers"][0]
    return str(first["name"]), str(first["email"])


def why_no_release() -> str | None:
    """What keeps packages made now from going out; None where nothing does."""
    name, address = maintainer()
    domain = address.rpartition("@")[2].lower()
    if not name or "." not in domain or domain.endswith((".invalid", ".example", ".test")):
        return (
            f"the maintainer in pyproject.toml is {name} <{address}>, to whom nobody can write: "
            "put a real address there"
        )
    return None


@dataclass(frozen=True)
class BuildFolders:
    """Where one flavor is built; all of it may be deleted at any time."""

    flavor: str
    top: Path = ROOT / "build" / "package"

    @property
    def venv(self) -> Path:
        return self.top / f"venv-{self.flavor}"

    @property
    def work(self) -> Path:
        """Notes of PyInstaller, pictures, staged trees."""
        return self.top / f"work-{self.flavor}"

    @property
    def bundle(self) -> Path:
        """The one-dir bundle: both programs and `_internal`."""
        return self.top / self.flavor / PROGRAM

    @property
    def out(self) -> Path:
        """Finished packages."""
        return self.top / "out"

    @property
    def contents(self) -> Path:
        """JSON: each file of the bundle and where it came from."""
        return self.work / "contents.json"

    def package(self, suffix: str) -> Path:
        """`suffix` with its dot: .tar.gz, .AppImage, ..."""
        flavor = "" if self.flavor == "cpu" else f"-{self.flavor}"
        return self.out / f"{PROGRAM}-{version()}{flavor}-x86_64{suffix}"
