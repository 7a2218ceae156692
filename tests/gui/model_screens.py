"""Pictures of the model manager in each of its states: `python -m tests.gui.model_screens [FOLDER]`.

Writes build/screens/models-*.png, dark and light, at 100 % and 200 %. The engine is not started: its
answers are made here, in the form in which it gives them.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.gui.screens import ROOT, folder_named, main

FOLDER = Path("/home/mara/Models/InfiniteTalk")
GB = 10**9


def one(scale: int, folder: Path) -> int:
    with tempfile.TemporaryDirectory() as home:
        os.environ["INFINITETALK_HOME"] = home
        from desktop.app import make_application

        app = make_application()
        for theme in ("dark", "light"):
            ModelScreens(app, folder, scale, theme).take()
        if scale == 1:
            ModelScreens(app, folder, scale, "dark", language="de").take("-de")
            ModelScreens(app, folder, scale, "light", text_size=150).take("-text150")
    return 0


class ModelScreens:
    """One program whose engine is spoken for."""

    def __init__(
        self,
        app: Any,
        folder: Path,
        scale: int,
        theme: str,
        *,
        language: str = "en",
        text_size: int = 100,
    ) -> None:
        from desktop.app import build
        from desktop.state.settings import SettingsState

        self.app, self.folder, self.scale, self.theme = app, folder, scale, theme
        home = Path(os.environ["INFINITETALK_HOME"])
        name = f"{theme}{language}{text_size}.json"
        settings = SettingsState(home / name)
        settings.update(
            theme=theme,
            first_run_done=True,
            language=language,
            text_size=text_size,
            models_folder=str(FOLDER),
            download_speed=11.2e6,
        )
        self.program = build(app, settings=settings, look_around=False)
        self.session = self.program.session
        self.models = self.session.models
        self.asked: list[Any] = []
        self.suffix = ""
        engine = self.session.engine
        engine.ask = self._ask  # type: ignore[method-assign]  # answers are made here
        self.program.window.resize(1600, 1000)
        self.program.window.show()

    def _ask(self, message: Any, done: Any = None, refused: Any = None) -> None:
        self.asked.append((message, done, refused))

    # The engine's answers

    def machine(self, name: str, **changes: Any) -> None:
        import json
        from dataclasses import replace

        from infinitetalk.probe import machine_from_json

        data = json.loads((ROOT / "resources" / "machines" / name).read_text("utf-8"))
        found = replace(machine_from_json(data), driver="580.97", cpu="AMD Ryzen 5 7600", **changes)
        self.session.engine.machine = found
        self.session.engine.probed = True
        self.session.engine.machine_changed.emit()

    def weights(self) -> None:
        from infinitetalk.event import WeightsListed
        from infinitetalk.paths import miniature_folder
        from infinitetalk.serve.catalog import listed_weights
        from infinitetalk.wire.plain import to_plain

        listed = tuple(to_plain(list(listed_weights([miniature_folder()]))))
        self.session.engine._host_event(WeightsListed(weights=listed))

    def catalog(
        self, here: dict[str, dict[str, Any]], *, free: int = 212 * 1024**3, **more: Any
    ) -> None:
        from infinitetalk.weights.download.catalog import read_catalog

        data = read_catalog().to_json()
        data["here"] = here
        data["stores"] = more.pop("stores", {})
        data["place"] = {"drive": "/home", "free": free, "notices": more.pop("notices", [])}
        self.models._listed(data)

    def progress(
        self, part: str, status: str, done: float, total: float, error: Any = None
    ) -> None:
        from infinitetalk.event import DownloadProgress

        task = next(iter(self.models._loads))
        self.models._progress(
            DownloadProgress(
                task=task,
                file=f"{part}.safetensors",
                done=int(done * GB),
                total=int(total * GB),
                rate=11.2e6,
                status=status,  # type: ignore[arg-type]
                error=error,
                part=part,
            )
        )

    # The pictures

    def take(self, suffix: str = "") -> None:
        self.suffix = suffix
        dialogs = self.program.controller.dialogs
        self.weights()
        dialogs.first_steps()
        page: Any = dialogs.shown("models")
        theme = self.program.theme
        page.resize(theme.px(1240), theme.px(720))  # the screen here is small
        self.grab(page, "machine-waiting")
        self.machine("rtx4060-8gb.json", disk_read=3.1e9)
        self.grab(page, "machine")
        self._imperfect(page)
        self.machine("rtx4060-8gb.json", disk_read=3.1e9)
        page.show_page("first")
        self.grab(page, "first")
        page.show_page("models")
        self.grab(page, "waiting")
        self._idle(page)
        self._sheets(page)
        self._removing(page)
        self._busy(page)
        self._version(dialogs)
        self._settings(dialogs)
        page.close()
        for translator in self.program.translators:
            self.app.removeTranslator(translator)
        self.program.close()
        self.app.processEvents()

    def _imperfect(self, page: Any) -> None:
        from dataclasses import replace

        from tests.machine_reports import REPORTS

        for name, report in REPORTS.items():
            self.session.engine.machine = replace(
                report.machine(), cpu="AMD Ryzen 5 7600", cores=12
            )
            self.session.engine.machine_changed.emit()
            self.grab(page, f"machine-{name}")

    def _idle(self, page: Any) -> None:
        self.catalog({})
        self.grab(page, "fresh")
        page.models_step.unfold()
        self.grab(page, "other-formats")
        page.models_step._turn()
        self.catalog({}, free=31 * GB)
        self.grab(page, "no-space")
        notice = {
            "code": "place.fat32",
            "title": "This drive can't hold large files",
            "detail": "/media/stick is formatted as FAT32, where a file ends at 4 GiB; models have up to 20.",
            "remedy": "Choose a folder on another drive (NTFS, exFAT or a Linux file system).",
        }
        self.catalog({}, notices=[notice])
        self.grab(page, "fat32")
        ready = {"state": "ready", "have": 1}
        whole = (
            "transformer-single-int8",
            "text-encoder-fp8",
            "image-encoder",
            "audio-encoder",
            "vae",
            "tokenizer",
            "lora-lightx2v",
        )
        self.catalog(dict.fromkeys(whole, ready), stores={"one-speaker-int8": "partial"})
        self.grab(page, "all-here")
        elsewhere = {"state": "elsewhere", "have": 1}
        folder = f"{FOLDER}/imported/models"
        copied = {**elsewhere, "copied": True, "path": f"{folder}/vae/wan.safetensors"}
        theirs = {
            **elsewhere,
            "program": "ComfyUI",
            "path": "/home/mara/ComfyUI/models/x.safetensors",
        }
        self.catalog(
            {**dict.fromkeys(whole, ready), "vae": copied, "image-encoder": theirs},
            stores={"one-speaker-int8": "ready"},
        )
        self._to_top(page)
        self.grab(page, "copied")

    def _sheets(self, page: Any) -> None:
        from infinitetalk.errors import ErrorReport

        self.catalog({})
        self.asked.clear()
        page.download()
        self.grab(page.sheet(), "sheet-asking")
        _, planned, refused = self.asked[-1]
        refused(
            ErrorReport(
                code="download.failed",
                title="The download stopped",
                detail="list of MeiGen-AI/InfiniteTalk: huggingface.co can't be reached after 8 tries.",
                remedy="Try again, name another address (mirror), or import the files from a folder.",
            )
        )
        self.grab(page.sheet(), "sheet-failed")
        for name, free in (("plan", 212), ("plan-no-space", 40)):
            planned({"plan": _plan(free * 1024**3)})
            self.grab(page.sheet(), f"sheet-{name}")
        page.sheet().reject()
        self.settle()
        self.asked.clear()
        sheet = page.import_files(Path("/home/mara/ComfyUI/models"))
        self.grab(sheet, "import-looking")
        self.asked[-1][1]({"places": _places()})
        self.grab(sheet, "import-found")
        sheet.copy.setChecked(True)
        sheet.use_button.click()
        self._copying(sheet)
        sheet.reject()
        self.models._imports.clear()
        sheet = page.import_files()
        self.asked[-1][1]({"places": []})
        self.grab(sheet, "import-nothing")
        sheet.reject()
        self.settle()

    def _removing(self, page: Any) -> None:
        from desktop.state.models_removal import Target
        from infinitetalk.errors import ErrorReport

        ready = {"state": "ready", "have": 1}
        here = {"transformer-single-int8": ready, "vae": ready, "text-encoder-fp8": ready}
        self.catalog(here, stores={"one-speaker-int8": "ready"})
        self.settle()
        self._to_top(page)
        row = page.models_step._rows["transformer-single-int8"]
        row._open_menu()
        self.grab(page, "row-menu")
        menu = self.app.activePopupWidget()
        if menu is not None:
            self.save(menu, "row-menu-open")
            menu.close()
        title = "InfiniteTalk, one speaker"
        for name, plan in _removals().items():
            self.asked.clear()
            store = name == "store"
            target = Target(store_of="one-speaker-int8") if store else Target(part="vae")
            page.remove(target, title)
            if name == "jobs":
                self.grab(page.sheet(), "remove-looking")
            self.asked[-1][1]({"plan": plan})
            self.grab(page.sheet(), f"remove-{name}")
            if name == "jobs":
                page.sheet().remove_button.click()
                self.asked[-1][2](
                    ErrorReport(
                        code="weights.in_use",
                        title="A job is using these files",
                        detail="keynote is open for rendering.",
                        facts={"project": "keynote", "path": "/x"},
                    )
                )
                self.grab(page.sheet(), "remove-refused")
            page.sheet().reject()
            self.settle()

    def _version(self, dialogs: Any) -> None:
        from infinitetalk.errors import ErrorReport

        self.asked.clear()
        dialogs.newer_version()
        sheet = dialogs.shown("version")
        self.grab(sheet, "version-asking")
        _, done, refused = self.asked[-1]
        answer = {
            "current": "0.1.0",
            "version": "0.2.0",
            "newer": True,
            "page": "https://example.org/infinitetalk-desktop/releases/0.2.0",
            "notes": "Rendering on 8 GB cards is a fifth faster.\nThe timeline shows drift.\n"
            "Projects of 0.1 open as they are.",
            "packages": {
                f"infinitetalk-desktop-0.2.0-{flavor}": "9f2c" * 16
                for flavor in ("cpu.deb", "cuda.deb", "cpu.AppImage", "cuda-setup.exe")
            },
        }
        done({"found": answer})
        self.grab(sheet, "version-newer")
        done({"found": {**answer, "newer": False, "version": "0.1.0"}})
        self.grab(sheet, "version-newest")
        for name, code, facts in (
            ("none", "version.no_address", {}),
            ("failed", "version.failed", {"server": "example.org", "missing": 404}),
        ):
            refused(ErrorReport(code=code, title="", detail="", facts=facts))
            self.grab(sheet, f"version-{name}")
        sheet.close()

    def _to_top(self, page: Any) -> None:
        self.settle()
        page.models_step._area.verticalScrollBar().setValue(0)

    def _copying(self, sheet: Any) -> None:
        from infinitetalk.event import ImportProgress

        for task in list(self.models._imports):
            self.models._progress(
                ImportProgress(task=task, done=9 * GB, total=40 * GB, status="running")
            )
        self.models._show()
        self.grab(sheet, "import-copying")

    def _busy(self, page: Any) -> None:
        from infinitetalk.errors import ErrorReport
        from infinitetalk.event import ImportProgress

        here = {
            "image-encoder": {
                "state": "elsewhere",
                "have": 1,
                "path": "/home/mara/ComfyUI/models/clip_vision/clip_vision_h.safetensors",
                "program": "ComfyUI",
            },
            "audio-encoder": {"state": "ready", "have": 1},
        }
        self.catalog(here)
        self.models.start()
        damaged = ErrorReport(
            code="download.damaged",
            title="The file arrived damaged",
            detail="Wan2.1_VAE.pth: SHA-256 differs, also after loading it once more.",
            remedy="Name another address (mirror), or check memory and disk of this machine.",
        )
        waiting = ErrorReport(
            code="download.waiting",
            title="Trying again",
            detail="the connection was lost; try 3 of 8 in 4 s.",
        )
        token = ErrorReport(
            code="download.token",
            title="The server wants to know who asks",
            detail="it asks for an access token (401). The repository may be private.",
        )
        self.progress("transformer-single-int8", "running", 8.0, 19.5)
        self.progress("text-encoder-fp8", "checking", 2.0, 6.7)
        self.progress("vae", "failed", 0.5, 0.5, damaged)
        self.progress("tokenizer", "waiting", 0.005, 0.021, waiting)
        self.progress("lora-lightx2v", "failed", 0, 0.3, token)
        self.models._show()
        self._to_top(page)
        self.grab(page, "loading")
        usual = page.size()
        page.resize(1024, 680)
        self.grab(page, "loading-narrow")
        page.resize(usual)
        self.save(self.program.window, "status-line")
        for part in ("transformer-single-int8", "text-encoder-fp8"):
            self.progress(part, "paused", 8.0, 19.5)
        self.models.paused = True
        self.models._show()
        self.grab(page, "paused")
        self.models.paused = False
        self.models._loads.clear()
        self.models._files.clear()
        ready = {"state": "ready", "have": 1}
        self.catalog({**here, "transformer-single-int8": ready, "text-encoder-fp8": ready})
        self.models._converting["one-speaker-int8"] = ImportProgress(
            task="convert one-speaker-int8", done=14 * GB, total=38 * GB, status="running"
        )
        self.models._show()
        self.grab(page, "converting")
        self.models._converting.clear()

    def _settings(self, dialogs: Any) -> None:
        dialogs.settings("downloads")
        window = dialogs.shown("settings")
        window.resize(self.program.theme.px(860), self.program.theme.px(620))
        self.grab(window, "settings")
        window.close()

    def settle(self, seconds: float = 0.1) -> None:
        """For so long, and for some turns of the event loop however slow this machine is."""
        end, turns = time.monotonic() + seconds, 0
        while time.monotonic() < end or turns < 12:
            self.app.processEvents()
            time.sleep(0.005)
            turns += 1

    def grab(self, widget: Any, name: str) -> None:
        self.settle()
        self.save(widget, name)

    def save(self, widget: Any, name: str) -> None:
        file = f"models-{name}{self.suffix}-{self.theme}-{self.scale * 100}.png"
        widget.grab().save(str(self.folder / file))


def _plan(free: int) -> dict[str, Any]:
    parts = [("transformer-single-int8", 19_499_734_200), ("text-encoder-fp8", 6_733_359_632)]
    files = [
        {"file": f"{name}.safetensors", "part": name, "size": size, "to_load": size}
        for name, size in parts
    ]
    load = sum(size for _, size in parts)
    convert = 19_219_185_664
    return {
        "folder": str(FOLDER),
        "size": load,
        "to_load": load,
        "conversion": convert,
        "free": free,
        "free_after": free - load - convert,
        "fits": free - load - convert > 2 * 1024**3,
        "licenses": {
            "MeiGen-AI/InfiniteTalk": "apache-2.0",
            "Wan-AI/Wan2.1-I2V-14B-480P": "apache-2.0",
            "TencentGameMate/chinese-wav2vec2-base": "mit",
            "Kijai/WanVideo_comfy": "",
        },
        "files": files,
    }


def _removals() -> dict[str, dict[str, Any]]:
    """What the engine says of a removal, in each of its states."""
    file = {"file": "InfiniteTalk/quant_models/single_int8.safetensors", "kind": "file"}
    store = {"file": "infinitetalk-single-int8.blocks.safetensors", "kind": "store"}
    files = [{**store, "size": 19_219_185_664}, {**file, "size": 19_499_734_200}]
    jobs = [
        ("keynote", 41, 63, None),
        ("interview with two people, second version", 0, 12, None),
        ("anna", 0, 0, None),
        *((f"draft {n}", 0, 3, None) for n in range(1, 7)),
    ]

    def plan(files: list[Any], jobs: list[Any], **more: Any) -> dict[str, Any]:
        return {
            "files": files,
            "freed": sum(one["size"] for one in files),
            "kept": [],
            "sets": [],
            "unknown_jobs": [],
            "jobs": [
                {"name": name, "chunks_left": left, "chunks": count, "running": pid}
                for name, left, count, pid in jobs
            ],
            **more,
        }

    by_hand = [
        {"file": f"Wan2.1-I2V-14B-480P/part-{n}.safetensors", "why": "by_hand", "sets": []}
        for n in range(5)
    ]
    return {
        "jobs": plan(files, jobs, sets=["one-speaker-int8"], unknown_jobs=["/x/old.job"]),
        "no-job": plan(files[1:], []),
        "in-use": plan(files, [("keynote", 41, 63, 4711), *jobs[1:3]]),
        "by-hand": plan([], [], kept=by_hand),
        "store": plan(files[:1], jobs[:1]),
    }


def _places() -> list[dict[str, Any]]:
    base = "/home/mara/ComfyUI/models"
    files = (
        ("diffusion_models/Wan2_1-I2V-14B-480P_fp8.safetensors", "Wan2.1 transformer", "fp8", 16.6),
        (
            "diffusion_models/infinitetalk_single.safetensors",
            "InfiniteTalk audio adapter",
            "bf16",
            4.97,
        ),
        ("text_encoders/umt5-xxl-enc-bf16.safetensors", "umT5 text encoder", "bf16", 11.4),
        ("clip_vision/clip_vision_h.safetensors", "CLIP image encoder", "bf16", 1.3),
        ("vae/Wan2_1_VAE_bf16.safetensors", "VAE of Wan2.1", "bf16", 0.25),
        ("loras/lightx2v_rank64_bf16.safetensors", "LoRA", "bf16", 0.74),
    )
    found = [
        {
            "path": f"{base}/{name}",
            "title": title,
            "precision": kind,
            "size": int(size * GB),
            "program": "ComfyUI",
        }
        for name, title, kind, size in files
    ]
    broken = [
        (
            f"{base}/vae/wan_2.1_vae.safetensors",
            {
                "code": "weights.corrupt",
                "title": "A weights file is damaged",
                "detail": "It ends after 120 MB; its header announces 254 MB.",
            },
        )
    ]
    return [{"folder": base, "found": found, "broken": broken, "others": 7}]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        sys.exit(one(int(sys.argv[2]), Path(sys.argv[3])))
    sys.exit(main(folder_named(__doc__), "tests.gui.model_screens"))
