"""Takes names, paths and prompts out of texts that leave this computer.

The same thing is always called the same (`<path 3>.mp4`), so that a text still tells a story. What
is known beforehand (the user, the computer, the project's files and prompts) is replaced wherever it
stands; paths are found by their form; in JSON the fields that hold prompts are emptied whatever
they say.
"""

import getpass
import json
import re
import socket
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import urlsplit

# Up to a quotation mark, a bracket, the end of the line, or what ends a sentence. A blank within a
# path is kept with it where a further separator or an ending follows.
_PIECE = r"[^\s/\\\"'<>|:*?,;()\[\]{}]+"
_ENDING = r"\.[A-Za-z]\w{0,6}(?!\w)"
_LAST = rf"(?:{_PIECE}{_ENDING}|{_PIECE}(?: {_PIECE}){{1,3}}{_ENDING}|{_PIECE})"
_PROGRAM = "\ue000"  # stands for the program's folder while a text is worked on
_POSIX = re.compile(rf"(?<![\w/:.<{_PROGRAM}])/(?:{_PIECE}(?: {_PIECE})*/)*{_LAST}")
_WINDOWS = re.compile(rf"(?<!\w)(?:[A-Za-z]:|\\\\{_PIECE})\\+(?:{_PIECE}(?: {_PIECE})*\\+)*{_LAST}")
_ADDRESS = re.compile(r"\b(?:https?|ftp|file)://[^\s\"'<>)\]]+")
_QUOTED = re.compile(r"([\"'])((?:/|[A-Za-z]:\\|\\\\)[^\"'\n]+)\1")
_PUBLIC_HOSTS = ("huggingface.co", "nvidia.com", "www.nvidia.com", "pytorch.org")
_PROMPT_FIELDS = ("prompt", "negative_prompt")
_NAME_FIELDS = ("created_by", "user", "host", "speaker", "speakers", "title_of_project")
SHORT = 3  # letters: names that are shorter would be found in every other word


class Anonymous:
    """Replaces consistently; one instance for all texts of a report."""

    def __init__(
        self, names: Iterable[str] = (), prompts: Iterable[str] = (), keep: Iterable[Path] = ()
    ) -> None:
        self._known: dict[str, str] = {}
        self._names = 0
        self._paths: dict[str, str] = {}
        self._hosts: dict[str, str] = {}
        self._keep = [str(path) for path in (*keep, Path(sys.prefix)) if len(str(path)) > SHORT]
        for prompt in sorted(prompts, key=len, reverse=True):
            if len(prompt) >= SHORT:
                self._known[prompt] = _prompt(prompt)
        for name in names:
            self.add_name(name)
        self._add("<home>", str(Path.home()))
        self._add("<user>", _user())
        self._add("<computer>", socket.gethostname())

    def add_name(self, name: str) -> None:
        """A file or a person: also found without its ending."""
        if len(name) < SHORT or name in self._known:
            return
        self._names += 1
        number = self._names
        stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix
        self._known[name] = f"<name {number}>{ending}"
        if ending and len(stem) >= SHORT:
            self._known.setdefault(stem, f"<name {number}>")

    def _add(self, word: str, found: str) -> None:
        if len(found) >= SHORT and found not in ("root", "localhost"):
            self._known.setdefault(found, word)

    # Texts

    def text(self, text: str) -> str:
        text = _ADDRESS.sub(lambda match: self._address(match[0]), text)
        text = _QUOTED.sub(lambda match: f"{match[1]}{self._path(match[2])}{match[1]}", text)
        text = _WINDOWS.sub(lambda match: self._path(match[0]), text)
        text = _POSIX.sub(lambda match: self._path(match[0]), text)
        for known in sorted(self._known, key=len, reverse=True):
            word = self._known[known]
            text = re.sub(rf"(?<![\w<]){re.escape(known)}(?!\w)", lambda _, word=word: word, text)
        return text.replace(_PROGRAM, "<program>")

    def _address(self, address: str) -> str:
        """Public hosts are told, others and what follows them are not."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        if host in _PUBLIC_HOSTS:
            return f"{parts.scheme}://{host}{parts.path}"
        name = self._hosts.setdefault(host, f"<host {len(self._hosts) + 1}>")
        return f"{parts.scheme}://{name}"

    def _path(self, path: str) -> str:
        """A path of this program as it is, others by number and ending."""
        for base in self._keep:
            if path.startswith(base):
                return f"{_PROGRAM}{path[len(base) :]}".replace("\\", "/")
        kind = PureWindowsPath if "\\" in path else PurePosixPath
        pure = kind(path)
        if pure.name and pure.suffix:
            self.add_name(pure.name)
        number = self._paths.setdefault(path, str(len(self._paths) + 1))
        return f"<path {number}>{pure.suffix}"

    # JSON

    def json(self, text: str) -> str:
        """A JSON document, or lines of it; what can't be read is treated as text."""
        try:
            return json.dumps(self._value(json.loads(text)), indent=1, ensure_ascii=False)
        except ValueError:
            return "\n".join(self._line(line) for line in text.splitlines())

    def _line(self, line: str) -> str:
        try:
            return json.dumps(self._value(json.loads(line)), ensure_ascii=False)
        except ValueError:
            return self.text(line)

    def _value(self, value: Any, field: str = "") -> Any:
        if isinstance(value, Mapping):
            return {self.text(str(key)): self._value(one, str(key)) for key, one in value.items()}
        if isinstance(value, list):
            return [self._value(one, field) for one in value]
        if not isinstance(value, str) or not value:
            return value
        if field in _PROMPT_FIELDS or field.endswith("_prompt"):
            return _prompt(value)
        if field in _NAME_FIELDS:
            self.add_name(value)
        if _is_path(value):
            return self._path(value).replace(_PROGRAM, "<program>")
        return self.text(value)


def _prompt(text: str) -> str:
    return f"<prompt of {len(text)} characters>"


def _is_path(value: str) -> bool:
    return "\n" not in value and bool(re.match(r"(/|[A-Za-z]:[\\/]|\\\\)", value))


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name for this number
        return ""
