"""The result of one job: what was said in one media file and what of the article it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mediakit.article.document import Article, MediaKind, Sentence
from mediakit.captions.caption import Caption
from mediakit.grounding.verdict import Verdict
from mediakit.notices import Notice
from mediakit.speech.engine import EngineInfo
from mediakit.transcript.segments import Segment


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """The media file. `path` as the user or the article named it; `sha256` and `duration_ms` None if unreadable."""

    path: str
    sha256: str | None
    duration_ms: int | None
    kind: MediaKind
    #: Where the file is on this machine; not in the record, and None for a result that was read back from one.
    file: Path | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GroundedArticle:
    """The article as the record keeps it: its sentences, and how much of the speech it accounts for.

    `coverage` is the share of the speech, by time, whose words are the article's (0 to 1). Without any speech it is 0
    and `verdict` None. `document` is the whole article for the reader page; it is None for a result that was read back
    from a record.
    """

    path: str
    title: str
    published: str | None
    sentences: tuple[Sentence, ...]
    verdict: Verdict | None
    coverage: float
    document: Article | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """All that is known of one media file; the fields are those of the record `mediakit/transcript@2`.

    `also` holds the results of an article's further attachments when a whole article was transcribed at once.
    """

    media: MediaInfo
    engine: EngineInfo
    article: GroundedArticle | None
    segments: tuple[Segment, ...]
    captions: tuple[Caption, ...]
    warnings: tuple[Notice, ...] = ()
    also: tuple[Result, ...] = field(default=(), repr=False)

    @property
    def unread(self) -> tuple[str, ...]:
        """Ids of the article's sentences of which nothing is said, in order; empty without an article."""
        said = {segment.sentence for segment in self.segments}
        sentences = self.article.sentences if self.article is not None else ()
        return tuple(sentence.id for sentence in sentences if sentence.id not in said)
