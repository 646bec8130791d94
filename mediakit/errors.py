"""What can go wrong, as one tree.

::

    MediakitError                 what, which file, what to do
    ├── UsageError                the command or call itself is wrong (exit status 2)
    ├── ArticleError              the article cannot be read
    ├── AttachmentError           an attachment cannot be used
    │   ├── AttachmentMissing     it is not there
    │   └── AttachmentForbidden   it lies outside the media folder
    ├── MediaError                a media file cannot be used
    │   ├── MediaMissing          no such file
    │   ├── MediaEmpty            zero bytes, or no frame of sound in it
    │   ├── MediaNotMedia         not a media file at all (text, a playlist, a picture)
    │   ├── MediaNoAudio          media, but without the audio stream asked for
    │   ├── MediaCutOff           the file ends before its index or its sound does
    │   ├── MediaEncrypted        protected by a key that is not here
    │   └── MediaDecodeError      the decoder gave up, or did not answer in time
    │       └── DecoderKilled     something ended it from outside: no fault of the file's
    ├── CaptionsError             a file of captions cannot be read, or is broken beyond what players accept
    ├── ToolMissing               ffmpeg is not here
    ├── ModelError                model weights cannot be used
    │   ├── ModelMissing          unknown, or not on this machine
    │   └── ModelCorrupt          here, but not the bytes they should be
    ├── EngineError               the engine failed on sound it was given
    │   └── EngineUnavailable     it cannot be opened
    ├── OutputError               results cannot be written
    │   ├── OutputExists          a file that mediakit did not write stands in the way
    │   ├── PageNotMade           a page cannot be made anew after an edit (`review/pages.py`)
    │   └── OutputFull            there is no room left
    ├── DoubtfulResult            with --strict: a result that a person should look at (`jobs/doubts.py`)
    ├── EditRefused               an edit of a record is none, or does not make a record (`review/edits.py`)
    ├── RecordChanged             a record was changed since it was loaded for an edit (`review/saving.py`)
    ├── SavingBusy                another program is saving in the folder (`review/saving.py`)
    └── WorkerError               a job of a batch ended without an answer
        ├── WorkerDied            the process that did it died
        ├── JobTooLong            it took longer than the time limit
        ├── JobTooLarge           it took more memory than the limit
        └── UnexpectedError       an error that mediakit does not know: a defect of its own

Foreign exceptions (OSError, PyAV, CTranslate2, …) are turned into these at the border where they appear,
so that the command line and a calling program need to know one tree only.
"""

from __future__ import annotations

import errno
import re
from pathlib import Path
from typing import ClassVar

#: The numbers of an OSError that say that there is no room; what is written next would fail too.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
#: What this program is called where packages are installed from; `mediakit` on PyPI is somebody else's.
DISTRIBUTION = "mediakit-vi"


def pip_install(extra: str = "") -> str:
    """The command that installs what an extra of this program needs, or what it needs itself, for a remedy.

    >>> pip_install("sherpa"), pip_install()
    ("pip install 'mediakit-vi[sherpa]'", 'pip install mediakit-vi')
    """
    return f"pip install '{DISTRIBUTION}[{extra}]'" if extra else f"pip install {DISTRIBUTION}"


class MediakitError(Exception):
    """An error with all that a person needs to mend it.

    Parameters
    ----------
    what
        What went wrong, as a short clause without a full stop.
    file
        The file that it happened to, as the user knows it.
    remedy
        What to do about it, as a short sentence; empty where nothing is known.
    """

    stage: ClassVar[str] = "mediakit"
    #: Stable word for programs; the `code` of a warning in the record.
    code: ClassVar[str] = "error"

    def __init__(self, what: str, *, file: str | Path | None = None, remedy: str = "") -> None:
        self.what = what
        self.file = str(file) if file is not None else None
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        where = f"{printable(self.file)}: " if self.file else ""
        text = f"{where}{self.what}"
        return f"{text}. {self.remedy}" if self.remedy else text

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders; the default pickle would drop the keyword arguments.
        return (_rebuild, (type(self), self.what, self.file, self.remedy))


def _rebuild(kind: type[MediakitError], what: str, file: str | None, remedy: str) -> MediakitError:
    return kind(what, file=file, remedy=remedy)


def printable(text: str) -> str:
    """`text` on one line with control characters escaped: a stranger's file name must not drive a terminal.

    >>> printable("a\\nb\\x1b[2J.mp3"), printable("b\\udce0i.mp3")
    ('a\\\\nb\\\\x1b[2J.mp3', 'b\\\\xe0i.mp3')
    """
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


#: Halves of surrogate pairs, which are no characters.
_HALVES = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """`text` as UTF-8 can hold it: bytes of a file name that is no text are escaped, all else is left as it is.

    >>> encodable("bài\\n.mp3") == "bài\\n.mp3", encodable("b\\udce0i.mp3")
    (True, 'b\\\\xe0i.mp3')
    """
    return _HALVES.sub(lambda found: _escaped(found[0]), text)


def _escaped(c: str) -> str:
    # Python has the bytes of a name that is not UTF-8 as halves of surrogate pairs (PEP 383).
    return f"\\x{ord(c) - 0xDC00:02x}" if "\udc80" <= c <= "\udcff" else c.encode("unicode_escape").decode("ascii")


class UsageError(MediakitError):
    """The command or call itself is wrong."""

    stage = "usage"
    code = "usage"


class ArticleError(MediakitError):
    """The article cannot be read."""

    stage = "article"
    code = "article-unreadable"


class AttachmentError(MediakitError):
    """An attachment that the article names cannot be used."""

    stage = "attachment"
    code = "attachment-unreadable"


class AttachmentMissing(AttachmentError):
    """The attachment is not in the media folder."""

    code = "attachment-missing"


class AttachmentForbidden(AttachmentError):
    """The attachment's name leads outside the media folder."""

    code = "attachment-forbidden"


class MediaError(MediakitError):
    """A media file cannot be used."""

    stage = "media"
    code = "media-unreadable"


class MediaMissing(MediaError):
    """There is no such media file."""

    code = "media-missing"


class MediaEmpty(MediaError):
    """The file has no bytes, or no frame of sound."""

    code = "media-empty"


class MediaNotMedia(MediaError):
    """The file is not audio or video."""

    code = "media-not-media"


class MediaNoAudio(MediaError):
    """The media has no audio stream, or not the one asked for."""

    code = "media-no-audio"


class MediaCutOff(MediaError):
    """The file ends before its index or its sound does."""

    code = "media-cut-off"


class MediaEncrypted(MediaError):
    """The media is protected by a key that is not here."""

    code = "media-encrypted"


class MediaDecodeError(MediaError):
    """The decoder gave up, or did not answer in time."""

    code = "media-decode-failed"


class DecoderKilled(MediaDecodeError):
    """The decoder was ended from outside, as by a kernel that is short of memory; another time it may do well."""

    code = "decoder-killed"


class CaptionsError(MediakitError):
    """A file of captions cannot be read, or is broken beyond what players accept."""

    stage = "captions"
    code = "captions-unreadable"


class ToolMissing(MediakitError):
    """A program that mediakit needs is not on this machine."""

    stage = "set-up"
    code = "tool-missing"


class ModelError(MediakitError):
    """Model weights cannot be used."""

    stage = "model"
    code = "model-unusable"


class ModelMissing(ModelError):
    """The model is unknown, or not on this machine."""

    code = "model-missing"


class ModelCorrupt(ModelError):
    """The model is here but is not the bytes it should be."""

    code = "model-corrupt"


class EngineError(MediakitError):
    """An engine failed on sound it was given."""

    stage = "listening"
    code = "engine-failed"


class EngineUnavailable(EngineError):
    """The engine cannot be opened: a package is missing, or the model is none of its own. No medium is to blame."""

    stage = "set-up"
    code = "engine-unavailable"


class OutputError(MediakitError):
    """Results cannot be written."""

    stage = "writing"
    code = "output-failed"


class OutputExists(OutputError):
    """A file that mediakit did not write stands in the way."""

    code = "output-exists"


class OutputFull(OutputError):
    """There is no room on the disk, or in the user's share of it."""

    code = "disk-full"


class DoubtfulResult(MediakitError):
    """A result is there, and a person should look at it (`--strict`)."""

    stage = "result"
    code = "doubtful-result"


class WorkerError(MediakitError):
    """A job of a batch ended without an answer."""

    stage = "worker"
    code = "worker-failed"


class WorkerDied(WorkerError):
    """The process that did the job died: it crashed, or was ended from outside."""

    code = "worker-died"


class JobTooLong(WorkerError):
    """The job took longer than the time limit."""

    code = "time-limit"


class JobTooLarge(WorkerError):
    """The job took more memory than the limit."""

    code = "memory-limit"


class UnexpectedError(WorkerError):
    """An error that mediakit does not know: a defect of its own. The other jobs of a batch go on."""

    code = "unexpected"
