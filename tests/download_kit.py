"""A hub on loopback, a catalog of its own, and a folder to load into."""

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infinitetalk.event import DownloadProgress
from infinitetalk.weights.download.catalog import Catalog, read_catalog
from infinitetalk.weights.download.plan import DownloadPlan, plan_download
from infinitetalk.weights.download.run import Download
from infinitetalk.weights.download.settings import Network
from tests.hub_server import Hub

REPO = "own/models"


def some_bytes(count: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(count)


@dataclass
class Kit:
    """Adds files to the hub, makes sets of them, and loads those."""

    hub: Hub
    folder: Path
    catalog_file: Path
    conversion: int = 0
    patience: dict[str, Any] = field(default_factory=dict)
    events: list[DownloadProgress] = field(default_factory=list)

    def network(self, **changes: Any) -> Network:
        quick = {"first_wait": 0.01, "stall": 3.0, "connect": 2.0, "tries": 4}
        return Network(endpoint=self.hub.url(), **{**quick, **changes})

    def catalog(self, *patterns: str) -> Catalog:
        """A set added by data alone."""
        data = {
            "format": 1,
            "version": "test",
            "repositories": {"own": {"repo": REPO, "folder": "Own"}},
            "parts": {
                "all": {
                    "title": "Everything",
                    "kind": "vae",
                    "repository": "own",
                    "files": list(patterns or ["*"]),
                    "size": 1,
                }
            },
            "sets": {
                "own": {"title": "Own", "parts": ["all"], "conversion_bytes": self.conversion}
            },
        }
        self.catalog_file.write_text(json.dumps(data), "utf-8")
        return read_catalog([self.catalog_file])

    def plan(self, *patterns: str, network: Network | None = None, **more: Any) -> DownloadPlan:
        sets = self.catalog(*patterns).choose(["own"])
        return plan_download(sets, self.folder, network or self.network(), **more)

    def download(self, *patterns: str, replace: bool = False, **network: Any) -> Download:
        chosen = self.network(**network)
        return Download(
            plan=self.plan(*patterns, network=chosen),
            network=chosen,
            tell=self.events.append,
            task="t",
            replace=replace,
        )

    def load(self, *patterns: str, replace: bool = False, **network: Any) -> None:
        self.download(*patterns, replace=replace, **network).run()

    def path(self, name: str) -> Path:
        return self.folder / "Own" / name

    def loaded(self, name: str) -> bytes:
        return self.path(name).read_bytes()

    def leftovers(self) -> list[str]:
        return sorted(p.name for p in self.folder.rglob("*") if ".part" in p.name)

    def statuses(self, name: str) -> list[str]:
        seen = [e.status for e in self.events if e.file.endswith(name)]
        return [s for n, s in enumerate(seen) if n == 0 or s != seen[n - 1]]
