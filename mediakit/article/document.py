"""An article as it reads: blocks in order, running text cut into sentences with stable ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from mediakit.notices import Notice

MediaKind = Literal["audio", "video"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `id` is `p` and the paragraph's number, `s` and the sentence's, both from 1 (title: `p0s1`)."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text. `number` counts paragraphs from 1; `lead` marks the summary at the top."""

    number: int
    sentences: tuple[Sentence, ...]
    lead: bool = False

    @property
    def text(self) -> str:
        """The sentences joined by single spaces."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Photo:
    """The caption of a photo; `credit` is who took it, empty where the page does not say."""

    caption: str
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Media that the article names. `name` is exactly as the article has it (NFC); never a path to be trusted."""

    kind: MediaKind
    name: str


Block: TypeAlias = Paragraph | Photo | Attachment


@dataclass(frozen=True, slots=True)
class Article:
    """A newspaper article.

    `blocks` keeps paragraphs, photo captions and attachments in the order of the page, so that each attachment
    keeps the place where it stood. `published` is in the newspaper's own time zone (+07:00). All text is NFC, without
    characters that nobody sees. `notices` say what was mended in its file, and go into each record made with it.
    """

    title: str
    blocks: tuple[Block, ...]
    published: datetime | None = None
    author: str = ""
    path: Path | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The running text."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The media that the article names, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Attachment))

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Title (`p0s1`) and running text, in order."""
        title = (Sentence("p0s1", self.title),) if self.title else ()
        return title + tuple(s for paragraph in self.paragraphs for s in paragraph.sentences)
