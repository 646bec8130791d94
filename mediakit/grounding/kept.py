"""Groundings, kept on disk: what was heard and the article being the same, they are not worked out again.

One file of JSON for each grounding. Its checksum tells a file that was written by halves, or damaged since, from a
whole one; so it needs no temporary file beside it, which would stay where a process is killed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mediakit.article.document import Sentence
from mediakit.grounding.ground import Grounding
from mediakit.speech.heard import keeping
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment

#: Changes when grounding gives something else for the same sound and article: with a rule or threshold of it, and
#: with how words are taken to be said (`vietnamese/`).
GROUNDING_VERSION = 12


@dataclass(frozen=True, slots=True)
class GroundingKey:
    """What decides a grounding.

    `heard_sha256` is that of the whole log (:attr:`mediakit.speech.heard.HeardLog.sha256`): the sound, who listened in
    which language, what was heard, and how long the sound is. `sentences` are all that is read of an article.
    """

    heard_sha256: str
    sentences: tuple[Sentence, ...]
    version: int = GROUNDING_VERSION

    @property
    def name(self) -> str:
        """A file name that no other key has."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class GroundingStore:
    """The folder that keeps groundings. Both of its methods raise OutputError where the file system fails."""

    folder: Path

    def get(self, key: GroundingKey) -> Grounding | None:
        """The grounding of a key, equal to what was kept; None if there is none, or no whole one."""
        path = self._path(key)
        with keeping(path, "a grounding"):
            if not path.is_file():
                return None
            data = path.read_bytes()
        try:
            entry = json.loads(data)
            found = entry["grounding"]
            return _grounding(found) if entry["sha256"] == _checksum(key, found) else None
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    def keep(self, key: GroundingKey, grounding: Grounding) -> None:
        """Keep a grounding for the next time."""
        path, entry = self._path(key), asdict(grounding)
        with keeping(path, "a grounding"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_json({"grounding": entry, "sha256": _checksum(key, entry)}))

    def _path(self, key: GroundingKey) -> Path:
        return self.folder / f"{key.name}.json"


def _checksum(key: GroundingKey, entry: object) -> str:
    """Of the key too, so that a file under another's name is none."""
    return hashlib.sha256(key.name.encode() + _json(entry)).hexdigest()


def _json(entry: object) -> bytes:
    # Half of a surrogate pair is no character; json reads it back all the same.
    return json.dumps(entry, ensure_ascii=False).encode("utf-8", errors="surrogatepass")


def _grounding(entry: dict[str, Any]) -> Grounding:
    segments = (Segment(**{**s, "words": tuple(Word(**word) for word in s["words"])}) for s in entry["segments"])
    return Grounding(**{**entry, "segments": tuple(segments), "unread": tuple(entry["unread"])})
