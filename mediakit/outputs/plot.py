"""A picture of a medium's time line (PNG): one look tells whether the attachment fits the article.

Above, what is read, what is said besides, what is silent. Below, each sentence of the article on a line of its own, in
its order, where it is said: who reads the article draws a slope from the upper left to the lower right.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from mediakit.errors import printable
from mediakit.outputs.stretches import STRETCH_NAMES, VERDICT_NAMES, StretchKind, clock, merged, shares, stretches
from mediakit.result import Result
from mediakit.timeline import MS_PER_SECOND
from mediakit.vietnamese.normal import nfc

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

#: Pixels. A sentence has a line of this height, less where the article has more of them than fit.
WIDTH, _EDGE, _BAR, _SENTENCE, _MOST_LINES = 1600, 48, 56, 10, 480
_INK, _SOFT, _LINE, _PAPER = "#1e2124", "#585d63", "#dcd8d0", "#fdfcfa"
#: As on the reader page (`reader/page.css`).
_COLOURS: dict[StretchKind, str] = {"article": "#0b5c78", "speech": "#b98a2f", "unrelated": "#a3271f", "silence": _LINE}
#: Seconds between two marks of the axis: the shortest that gives no more than twelve.
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400)
_MOST_MARKS = 12
#: No text is measured beyond this: a title may be of any length.
_MOST_CHARS = 300


@dataclass(frozen=True, slots=True)
class _Canvas:
    """What is drawn on, and the width of what is drawn: between the edges."""

    draw: ImageDraw
    inner: int = WIDTH - 2 * _EDGE

    def text(self, x: float, y: float, text: str, size: int, *, bold: bool = False, colour: str = _INK) -> float:
        """Draw a line of text, cut where it would leave the picture; where it ends."""
        font = _font(size, bold)
        text = _fitting(text, font, WIDTH - _EDGE - x)
        self.draw.text((x, y), text, fill=colour, font=font)
        return x + float(font.getlength(text))

    def bar(self, spans: Sequence[tuple[int, int]], top: float, height: float, colour: str) -> None:
        """Draw spans of the width between the edges."""
        for left, right in spans:
            self.draw.rectangle((_EDGE + left, top, _EDGE + right - 1, top + height - 1), fill=colour)


def render_plot(result: Result) -> bytes:
    """The picture of a result as a PNG file, :data:`WIDTH` pixels wide; the same result gives the same bytes."""
    from PIL import Image, ImageDraw

    sentences = [sentence.id for sentence in result.article.sentences] if result.article is not None else []
    lines = min(_MOST_LINES, _SENTENCE * len(sentences))
    top = 184
    height = top + _BAR + 64 + (lines + 64 if lines else 0)
    image = Image.new("RGB", (WIDTH, height), _PAPER)
    canvas = _Canvas(ImageDraw.Draw(image))
    _head(canvas, result)
    line = stretches(result)
    for kind in shares(line):
        canvas.bar(merged(line, kind, canvas.inner), top, _BAR, _COLOURS[kind])
    _axis(canvas, line[-1].end_ms if line else 0, top + _BAR)
    if lines:
        _sentences(canvas, result, sentences, top + _BAR + 64, lines)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _head(canvas: _Canvas, result: Result) -> None:
    """What the medium is, what is thought of it, and the shares of its time."""
    grounded, media = result.article, result.media
    canvas.text(_EDGE, 28, grounded.title if grounded is not None else media.path, 32, bold=True)
    verdict = grounded.verdict if grounded is not None else None
    x = canvas.text(_EDGE, 80, VERDICT_NAMES[verdict], 24, bold=True) + 24 if verdict is not None else _EDGE
    length = f" · {clock(media.duration_ms)}" if media.duration_ms is not None else ""
    canvas.text(x, 80, f"{media.path}{length}", 24, colour=_SOFT)
    x = _EDGE
    for kind, share in shares(stretches(result)).items():
        canvas.draw.rectangle((x, 136, x + 19, 155), fill=_COLOURS[kind])
        name = "Lời nói" if grounded is None and kind == "speech" else STRETCH_NAMES[kind]
        x = round(canvas.text(x + 30, 130, f"{name} {share:.0%}", 22, colour=_SOFT)) + 36


def _axis(canvas: _Canvas, whole_ms: int, top: int) -> None:
    """Marks at round times below the bar."""
    whole_s = whole_ms / MS_PER_SECOND
    step_s = next((step for step in _STEPS_S if whole_s <= step * _MOST_MARKS), _STEPS_S[-1])
    for second in range(0, min(int(whole_s), step_s * _MOST_MARKS) + 1, step_s):
        x = _EDGE + canvas.inner * second * MS_PER_SECOND // max(1, whole_ms)
        canvas.draw.line((x, top, x, top + 8), fill=_SOFT, width=2)
        if x < WIDTH - _EDGE - 60:
            canvas.text(x + 6, top + 4, clock(second * MS_PER_SECOND), 18, colour=_SOFT)


def _sentences(canvas: _Canvas, result: Result, ids: Sequence[str], top: int, height: int) -> None:
    """The article from above downwards, each of its sentences where it is said; those that are not, at the edge."""
    line = stretches(result)
    whole_ms = line[-1].end_ms if line else 1
    each = height / len(ids)
    rows = {sentence: row for row, sentence in enumerate(ids)}
    canvas.draw.rectangle((_EDGE, top, WIDTH - _EDGE - 1, top + height - 1), outline=_LINE)
    for segment in result.segments:
        row = rows.get(segment.sentence or "")
        if row is None:
            continue
        left, right = (canvas.inner * ms // whole_ms for ms in (segment.start_ms, segment.end_ms))
        canvas.bar([(left, max(right, left + 2))], top + row * each, max(2.0, each), _COLOURS["article"])
    unread = set(result.unread)
    for sentence in unread & set(rows):
        y = top + rows[sentence] * each
        canvas.draw.rectangle((_EDGE - 14, y, _EDGE - 6, y + max(1.0, each - 2)), fill=_SOFT)
    read = len(ids) - len(unread)
    told = f"{read} trong {len(ids)} câu của bài được đọc" + ("; bên trái: câu không được đọc" if unread else "")
    canvas.text(_EDGE, top + height + 12, told, 20, colour=_SOFT)


def _fitting(text: str, font: FreeTypeFont, width: float) -> str:
    """The text on one line, as much of it as the width has room for."""
    text = printable(" ".join(nfc(text).split()))[:_MOST_CHARS]
    if font.getlength(text) <= width:
        return text
    kept = bisect_right(range(len(text)), width, key=lambda n: font.getlength(f"{text[:n]}…")) - 1
    return f"{text[: max(0, kept)]}…"


@cache
def _font(size: int, bold: bool) -> Any:
    """A font with every letter of Vietnamese, the same on every machine."""
    from PIL import ImageFont

    from mediakit.media.mux import font_folder

    name = "BeVietnamPro-SemiBold.ttf" if bold else "BeVietnamPro-Regular.ttf"
    # The layout that needs no further library: it is the same everywhere, and Vietnamese needs no other.
    return ImageFont.truetype(str(font_folder() / name), size, layout_engine=ImageFont.Layout.BASIC)
