"""Reads the lines of an article that name a media file: `Audio: FILE`, `▶ Mời nghe: FILE (3,2 MB)`, the name alone."""

from __future__ import annotations

import re
from pathlib import Path

from mediakit.article.attachments import media_kind
from mediakit.article.document import Attachment, MediaKind
from mediakit.vietnamese.normal import fold, nfc

#: A longer line is a paragraph; a longer label, or a name in more words without a label of media, is a sentence.
_LONGEST, _LABEL_CHARS, _LABEL_WORDS, _NAME_WORDS = 300, 60, 8, 10
_AUDIO_LABEL, _VIDEO_LABEL = (
    re.compile(r"\b(?:audio|podcast|radio|nghe|âm|mp3)\b"),
    re.compile(r"\b(?:video|clip|xem|phim|mp4)\b"),
)
_FILE_LABEL = re.compile(r"\b(?:file|tệp|tập tin|media|băng)\b")
#: Words that a label without a colon is made up of: `Mời bạn đọc nghe file a.mp3`.
_LABEL_WORD = frozenset(
    "audio video clip podcast radio âm thanh ghi file tệp tập tin media mp3 mp4 nghe xem mời bài bản bạn quý thính giả"
    " khán độc đọc đính kèm tải về tại đây theo dõi lại toàn bộ văn phần số kỳ phim băng hình trích đoạn".split()
)
#: The label that names a medium whatever follows, with or without a suffix.
_PLAIN_LABEL = re.compile(r"(?:audio|video)(?:\s*\d{1,3})?", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[:：](?!//|\\|(?<=\d:)\d)\s*")
#: What else may stand between a label of media and a name; a name may have these in it, so that the label must tell.
_SIGN = re.compile(r"\s*(?:=>?|[-–—]+>|[→⇒➔➜►▶|])\s*")
#: What markup and settings call a file, beside the labels of media.
_SETTING = re.compile(
    r"(?:src|href|url|file|link|source|path|name|media|audio|video|mp3|mp4|sound|track)", re.IGNORECASE
)
#: A line with markup in it: tags of HTML, or those that forums have.
_MARKUP = re.compile(r"<[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>")
_FORUM_TAG = re.compile(r"\[/?(?:audio|video|media|mp3|mp4|url|file|sound|embed|playlist)\](?!\()", re.IGNORECASE)
#: Marks before a line: bullets, arrows, pictures of loudspeakers. A bracket or quote may belong to a name.
_BULLETS = re.compile(r"^[^\w./\\(\[{\"'“‘«]+")
_SUFFIX = re.compile(r"(?P<suffix>\.[A-Za-z0-9]{2,5}(?![A-Za-z0-9]))(?:[?#][\w=&%.+-]*\w)?")
#: What may follow a name: marks, brackets, tags, size and length; then what else is said of it (`Giọng đọc: Thu Hà`).
_TAIL = re.compile(
    r"(?:[\s.,;:!?…)\]}>\"'”’»*|/–—-]|\([^()]{0,40}\)|\[[^\[\]]{0,40}\]|\d+(?:[.,]\d+)?\s?(?:[kmg]i?b|bytes?)\b"
    r"|\d{1,3}:\d{2}(?::\d{2})?|\d+\s?(?:giờ|phút|giây)\b|</?\w[^<>]{0,40}>)*"
    r"(?:(?<=[\s;,|/–—-])(?:thời lượng|độ dài|dung lượng|giọng(?: đọc)?|người đọc|trình bày|thể hiện)\b"
    r"(?:[^.!?…]|\.(?=\w)){1,80}\.?)?",
    re.IGNORECASE,
)
#: Lines without any of these, nor a suffix, are most lines of an article.
_MAY_BE_LABELLED = re.compile("audio|video", re.IGNORECASE)
_CLOSERS = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "“": "”", "<": ">", "‘": "’", "«": "»"}
_BETWEEN = re.compile(r"\s*[;,|]\s*|\s+(?:và|&)\s+")
_SENTENCE_INSIDE = re.compile(r"[.!?…][”\"’»)]*\s+[^\W\d_]|[,;“”]|//")


def attachment_of(line: str) -> Attachment | None:
    """The first medium that a line names, or None: :func:`attachments_of`."""
    return next(iter(attachments_of(line)), None)


def attachments_of(line: str) -> tuple[Attachment, ...]:
    """The media that a line names; none in a line of running text.

    A short label and a name that ends as media files do, or such a name by itself, is an attachment, whatever the label
    says. What follows the name (a full stop, brackets, its size) is no part of it. It is audio or video by its suffix,
    and by the label where the suffix does not tell.

    >>> [(a.kind, a.name) for a in attachments_of(">> Mời nghe: ban tin (1).mp3 (3,2 MB).")]
    [('audio', 'ban tin (1).mp3')]
    >>> attachments_of("Ông mở tệp a.mp3.")
    ()
    """
    line = nfc(line).strip()
    if not line or len(line) > _LONGEST:
        return ()
    if "<" in line and _SUFFIX.search(line) is not None and _MARKUP.search(line) is not None:
        return _marked_up(line)
    line = _BULLETS.sub("", _FORUM_TAG.sub(" ", line).strip())
    if _SUFFIX.search(line) is None and _MAY_BE_LABELLED.search(line) is None:
        return ()
    label, value = _labelled(line)
    if not value:
        return ()
    value, *others = _split(value)
    name = _named(value)
    if name and _is_attachment(label, value, name):
        return (Attachment(_kind(name, label), name), *(a for other in others for a in attachments_of(other)))
    if not name and _PLAIN_LABEL.fullmatch(label) and _may_be_file(value):
        return (Attachment("video" if label.lower().startswith("video") else "audio", value),)
    return ()


def _marked_up(line: str) -> tuple[Attachment, ...]:
    """The media that the markup in a line names, where what it shows is a label and no running text."""
    from mediakit.article.page.media import media_of
    from mediakit.article.page.tree import parse_tree

    top = parse_tree(line)
    found = list(dict.fromkeys(attachment for element in top.elements() for attachment in media_of(element)))
    shown = " ".join(top.text().split())
    if not found:  # `<source src=a.mp3>` without its player, `Audio: <b>a.mp3</b>`
        values = [element.named(name) for element in top.elements() for name in ("src", "href")]
        found = [Attachment(_kind(name, ""), name) for name in map(_named, values) if name]
    if not found:
        return attachments_of(shown) if "<" not in shown else ()
    label = (
        len(shown) <= _LABEL_CHARS and len(shown.split()) <= _LABEL_WORDS and not shown.endswith((".", "!", "?", "…"))
    )
    return tuple(found) if label or attachments_of(shown) else ()


def _labelled(line: str) -> tuple[str, str]:
    """A line as label and value; the label is empty where it has none."""
    sign, found = _SIGN.search(line), _SEPARATOR.search(line)
    if sign is not None and (found is None or sign.start() < found.start()):
        label = line[: sign.start()].strip("([{\"'“‘«*_ ")
        if _SETTING.fullmatch(label) or (_tells(label) and all(map(_is_label_word, label.split()))):
            return label, line[sign.end() :].lstrip("* ")
    if found is not None:
        return line[: found.start()].strip("([{\"'“‘«*_ "), line[found.end() :].lstrip("* ")
    words = line.split(" ")
    first = next((i for i, word in enumerate(words) if not _is_label_word(word)), 0)
    label = " ".join(words[:first]).strip("-–—=([ ")
    return (label, " ".join(words[first:])) if _tells(label) else ("", line)


def _is_label_word(word: str) -> bool:
    plain = fold(word.strip("([{\"'“‘«*_#.,)]-–—="))
    return not plain or plain in _LABEL_WORD or (plain.isdecimal() and len(plain) < 4)


def _tells(label: str) -> bool:
    """Whether a label is one of media."""
    plain = fold(label)
    named = any(pattern.search(plain) for pattern in (_AUDIO_LABEL, _VIDEO_LABEL, _FILE_LABEL))
    return named or _SETTING.fullmatch(plain) is not None


def _split(value: str) -> list[str]:
    """The names in a value with several (`a.mp3; b.mp3`): cut only behind the suffix of a media file."""
    parts: list[str] = []
    begin = 0
    for between in _BETWEEN.finditer(value):
        if _named(value[begin : between.start()]) and _named(value[between.end() :]):
            parts.append(value[begin : between.start()])
            begin = between.end()
    return [*parts, value[begin:]]


def _named(value: str) -> str:
    """The name that a value is, without what surrounds it; empty where it is no name of a media file."""
    for found in reversed(list(_SUFFIX.finditer(value))):
        name = value[: found.end()]
        last = re.split(r"[/\\]", value[: found.end("suffix")])[-1]
        if media_kind(Path(last)) is not None and _TAIL.fullmatch(value, found.end()):
            while name[:1] in _CLOSERS and _CLOSERS[name[0]] not in name[1:]:
                name = name[1:].lstrip()
            return _inside(name, value[found.end() :])
    return ""


def _inside(name: str, following: str) -> str:
    """The name in brackets or quotes that stand behind other words (`Bản tin sáng (a.mp3)`, `src="a.mp3"`)."""
    for opener in ("(", "[", "<", '"', "“", "«"):
        before, opened, inner = name.rpartition(opener)
        if opened and before and following[:1] == _CLOSERS[opener] and _CLOSERS[opener] not in inner and inner.strip():
            return inner.strip()
    return name


def _is_attachment(label: str, value: str, name: str) -> bool:
    """Whether a name behind a label, or without one, is an attachment and not the end of a sentence."""
    if len(label) > _LABEL_CHARS or len(label.split()) > _LABEL_WORDS:
        return False
    if _tells(label):
        return True
    if "@" in name or (name.lower().endswith(".au") and "." in name[:-3]):
        return False  # an address
    if " " not in value.partition(name)[0] + name:
        return True
    sentence = _SENTENCE_INSIDE.search(value) or value.endswith((".", "!", "?", "…"))
    return len(value.split()) <= _NAME_WORDS and not sentence


def _may_be_file(value: str) -> bool:
    """Whether a value without a suffix of media may name a file all the same: one word, or several without marks."""
    words = value.split()
    return len(words) == 1 or (len(words) <= _NAME_WORDS and value.isascii() and not value.endswith((".", "!", "?")))


def _kind(name: str, label: str) -> MediaKind:
    """Audio or video by the suffix."""
    found = media_kind(Path(re.split("[?#]", name)[0]))
    return found or ("video" if _VIDEO_LABEL.search(fold(label)) else "audio")
