"""What the hub says of a repository: its commit, its files with size and digest, its license.

`huggingface_hub` asks and reads the answer. Its own downloader is not used (README.md says why),
nor the token that another program may have left on this machine.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infinitetalk.weights.download import problems
from infinitetalk.weights.download.client import BUSY, make_client, retry_after, transport_problems
from infinitetalk.weights.download.control import DownloadControl, Interrupted
from infinitetalk.weights.download.problems import TryAgain
from infinitetalk.weights.download.remote import RemoteFile, safe_name
from infinitetalk.weights.download.settings import Network

_one_at_a_time = threading.Lock()  # huggingface_hub keeps one client for the whole process


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A repository at one commit."""

    repo: str
    commit: str
    license: str  # as its card names it; "" if it does not
    files: Mapping[str, RemoteFile]  # by name


def ask_repository(
    repo: str,
    revision: str,
    network: Network,
    control: DownloadControl | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Repository:
    """The files of a repository at a branch, tag or commit.

    Busy servers and lost lines are asked again; `waiting` is told why. Raises EngineError
    `download.*`, DownloadCancelled.
    """
    switch = control or DownloadControl()
    tries = 0
    while True:
        switch.wait_until_running()
        try:
            return _asked(repo, revision, network)
        except TryAgain as problem:
            tries += 1
            if tries >= network.tries:
                raise problems.failed(f"list of {repo}", problem, tries=tries) from problem
            if waiting is not None:
                waiting(problem.why)
            wait = network.first_wait * 2 ** (tries - 1) if problem.wait is None else problem.wait
            try:
                switch.sleep(min(wait, network.longest_wait))
            except Interrupted:
                continue


def _asked(repo: str, revision: str, network: Network) -> Repository:
    from huggingface_hub import HfApi, set_client_factory
    from huggingface_hub.errors import HfHubHTTPError

    token: str | bool = network.token_for(network.endpoint) or False
    with _one_at_a_time:
        set_client_factory(lambda: _metadata_client(network))
        try:
            with transport_problems():
                info = HfApi(endpoint=network.endpoint, token=token).model_info(
                    repo, revision=revision, files_metadata=True, timeout=network.stall, token=token
                )
        except HfHubHTTPError as error:
            status = error.response.status_code
            if status in BUSY:
                wait = retry_after(error.response.headers)
                raise TryAgain(
                    f"the server answers with {status}", cause="busy", status=status, wait=wait
                ) from error
            raise problems.refused(
                status, f"list of {repo}", repo, network.endpoint, has_token=bool(token)
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise problems.unclear(repo, f"{type(error).__name__}") from error
        finally:
            set_client_factory(lambda: _metadata_client(Network()))  # closes ours
    return _repository(repo, info)


def _metadata_client(network: Network):
    """Our client; redirects of the list (a repository was renamed) are followed on its own host."""
    from infinitetalk.weights.download.client import AGENT

    client = make_client(network)
    client.follow_redirects = True  # the client drops the token where the host is another

    def plain_agent(request) -> None:
        request.headers["User-Agent"] = AGENT  # the library would tell versions of this machine

    client.event_hooks = {"request": [plain_agent]}
    return client


def _repository(repo: str, info: Any) -> Repository:
    files: dict[str, RemoteFile] = {}
    try:
        commit = str(info.sha)
        if not info.sha or not commit.isalnum():
            raise ValueError("it names no commit")
        for entry in info.siblings or ():
            name = str(entry.rfilename)
            try:
                safe_name(name)
            except ValueError:
                continue  # no file of ours is called so
            size, sha256 = entry.size, None
            if entry.lfs is not None:
                size, sha256 = entry.lfs.size, str(entry.lfs.sha256).lower()
                if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
                    raise ValueError(f"{name} has no proper SHA-256")
            if not isinstance(size, int) or size < 0 or (sha256 is None and not entry.blob_id):
                continue  # without size or digest it can't be checked; missing, if it is wanted
            files[name] = RemoteFile(
                repo=repo,
                commit=commit,
                name=name,
                size=size,
                sha256=sha256,
                blob_id=None if entry.blob_id is None else str(entry.blob_id),
            )
    except (ValueError, TypeError, AttributeError) as error:
        raise problems.unclear(repo, f"{error}") from error
    return Repository(repo=repo, commit=commit, license=_license(info), files=files)


def _license(info: Any) -> str:
    for tag in getattr(info, "tags", None) or ():
        if isinstance(tag, str) and tag.startswith("license:"):
            return tag.removeprefix("license:")
    return ""
