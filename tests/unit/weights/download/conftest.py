"""A hub on loopback and a folder to load into."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.download_kit import Kit
from tests.hub_server import Hub


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as made:
        yield made


@pytest.fixture
def kit(hub: Hub, tmp_path: Path) -> Kit:
    return Kit(hub=hub, folder=tmp_path / "models", catalog_file=tmp_path / "catalog.json")
