"""`weights sets`, `weights download` and `weights token`: published files from the hub."""

import argparse
import getpass
import json
import re
import sys

from infinitetalk.cli import exits
from infinitetalk.cli.progress import duration
from infinitetalk.cli.settings import models_folder
from infinitetalk.errors import GIB, engine_error
from infinitetalk.event import DownloadProgress
from infinitetalk.weights.download import token as tokens
from infinitetalk.weights.download.catalog import read_catalog
from infinitetalk.weights.download.control import DownloadCancelled
from infinitetalk.weights.download.here import sets_here
from infinitetalk.weights.download.plan import DownloadPlan, plan_download, stand_ins
from infinitetalk.weights.download.run import Download
from infinitetalk.weights.download.settings import HUB, Network
from infinitetalk.weights.report import size_text
from infinitetalk.wire import event_to_json

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
_HERE = {"ready": "here", "partial": "partly", "missing": ""}
_STATES = {
    "ready": "here, checked",
    "unchecked": "here, to be checked",
    "different": "another file of this name",
    "partial": "begun",
    "missing": "to load",
    "elsewhere": "used where it is",
}


def sets(args: argparse.Namespace) -> int:
    """Lists the catalog, and which sets are here; asks no server."""
    catalog = read_catalog(args.catalog or ())
    folder = args.models or models_folder()
    here = sets_here(catalog, folder)
    if args.json:
        listed = catalog.to_json()
        for one in listed["sets"]:
            one["here"] = here[one["name"]]
        print(json.dumps(listed, ensure_ascii=False, indent=1))
        return exits.OK
    width = max(len(name) for name in catalog.sets)
    for one in catalog.sets.values():
        print(
            f"{one.name.ljust(width)}  {size_text(one.size):>8}  {_HERE[here[one.name]]:<9}"
            f"  {'. '.join(text for text in (one.title, one.detail) if text)}."
        )
    print(f"Sets share files; what is in {folder} already is not loaded again.")
    print("Load one with: infinitetalk weights download NAME")
    return exits.OK


def download(args: argparse.Namespace) -> int:
    """Plans, shows the plan, loads. Stopped at any moment, the next call goes on."""
    chosen = read_catalog(args.catalog or ()).choose(args.sets)
    endpoint = args.mirror or HUB
    network = Network(
        endpoint=endpoint,
        proxy=args.proxy,
        token=tokens.read_token(endpoint),
        rate_limit=parse_rate(args.limit) if args.limit else None,
        at_once=args.at_once,
        tries=args.tries,
        stall=args.timeout,
    )
    folder = args.to or models_folder()
    plan = plan_download(
        chosen,
        folder,
        network,
        conversion=not args.no_conversion,
        elsewhere=stand_ins(folder),
        waiting=lambda why: _tell(f"Waiting: {why}.", quiet=args.quiet),
    )
    if args.plan:
        print(
            json.dumps(plan.to_json(), ensure_ascii=False, indent=1)
            if args.json
            else "\n".join(plan_lines(plan))
        )
        return exits.OK
    if not args.quiet and not args.json:
        print("\n".join(plan_lines(plan)))
    line = _JsonLines() if args.json else _OneLine(plan, quiet=args.quiet)
    work = Download(plan=plan, network=network, tell=line.show, replace=args.replace)
    try:
        work.run()
    except DownloadCancelled as error:
        raise KeyboardInterrupt from error
    finally:
        line.close()
    if not args.json:
        print(f"Ready: {size_text(plan.size)} in {folder}, all checked by SHA-256.")
    return exits.OK


def token(args: argparse.Namespace) -> int:
    """Saves or forgets the token for the hub, or a mirror, in the key store of the system."""
    endpoint = Network(endpoint=args.mirror or HUB).endpoint
    if args.forget:
        known = tokens.forget_token(endpoint)
        print("The token is forgotten." if known else "No token was saved.")
        return exits.OK
    if sys.stdin.isatty():
        given = getpass.getpass(f"Access token for {endpoint}: ")
    else:
        given = sys.stdin.readline()
    tokens.save_token(endpoint, given)
    print("The token is saved in the key store of this system.")
    return exits.OK


def parse_rate(text: str) -> int:
    """Bytes per second from "5M", "800k" or "2.5 MB/s". Raises EngineError `download.rate`."""
    match = re.fullmatch(r"\s*([\d.]+)\s*([kmg]?)b?(/s)?\s*", text.lower())
    try:
        rate = int(float(match[1]) * _UNITS[match[2]]) if match else 0
    except ValueError:
        rate = 0
    if rate < 1:
        raise engine_error(
            "download.rate",
            "The speed limit can't be read",
            f"{text!r} is no speed.",
            "Write it in bytes per second, such as 800k or 5M.",
        )
    return rate


def plan_lines(plan: DownloadPlan) -> list[str]:
    """What will be loaded, from whom under which license, and what room it takes."""
    lines = []
    for file in plan.files:
        size = size_text(file.remote.size)
        lines.append(f"{size:>8}  {_STATES[file.state]:<20} {file.place}")
    for repo, name in plan.licenses.items():
        lines.append(f"License of {repo}: {name or 'not named; see its page'}")
    convert = f", {size_text(plan.conversion_bytes)} more when converted" * bool(
        plan.conversion_bytes
    )
    lines.append(f"{size_text(plan.size)} in all, {size_text(plan.to_load)} to load{convert}.")
    lines.append(
        f"{plan.folder}: {plan.free / GIB:.1f} GiB free, {plan.free_after / GIB:.1f} GiB after "
        "loading and conversion."
    )
    return lines


class _JsonLines:
    """Each report as a line on stdout."""

    def show(self, event: DownloadProgress) -> None:
        print(json.dumps(event_to_json(event), ensure_ascii=False), flush=True)

    def close(self) -> None:
        sys.stdout.flush()


class _OneLine:
    """One line that is rewritten on a terminal; in a pipe one line per file."""

    def __init__(self, plan: DownloadPlan, *, quiet: bool) -> None:
        self._sizes = {file.place: file.remote.size for file in plan.files}
        self._done = dict.fromkeys(self._sizes, 0)
        self._status = dict.fromkeys(self._sizes, "waiting")
        self._quiet = quiet
        self._live = sys.stderr.isatty() and not quiet
        self._width = 0

    def show(self, event: DownloadProgress) -> None:
        before = self._status[event.file]
        self._status[event.file] = event.status
        self._done[event.file] = event.total if event.status == "checking" else event.done
        if event.status != before and event.status in ("finished", "failed"):
            self._line(f"{event.file}: {event.status}")
        if self._live:
            self._rewrite(self._text(event))

    def _text(self, event: DownloadProgress) -> str:
        done, total = sum(self._done.values()), sum(self._sizes.values())
        ready = sum(status == "finished" for status in self._status.values())
        text = f"{ready} of {len(self._sizes)} files, {done / max(1, total):.1%}"
        if event.rate:
            text += (
                f", {size_text(int(event.rate))}/s, {duration((total - done) / event.rate)} left"
            )
        if event.status in ("checking", "waiting"):
            text += f" ({event.status}: {event.file.rpartition('/')[2]})"
        return text

    def _rewrite(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._width))
        self._width = len(text)
        sys.stderr.flush()

    def _line(self, text: str) -> None:
        if not self._quiet:
            self.close()
            sys.stderr.write(text + "\n")

    def close(self) -> None:
        if self._live and self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
        self._width = 0


def _tell(text: str, *, quiet: bool) -> None:
    if not quiet:
        print(text, file=sys.stderr)
