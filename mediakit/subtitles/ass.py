r"""Advanced SubStation Alpha (`.ass`), written by the package `pysubs2`.

The format has no escapes that all players know: libass takes `\{` for a brace, others hide what follows it. So braces
are written as their full-width forms, and an invisible word joiner parts a backslash from the letter that would make
it a mark, as ffmpeg does.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from pysubs2 import Alignment, Color, SSAEvent, SSAFile, SSAStyle
from pysubs2.formats.substation import SubstationFormat

from mediakit.captions.caption import Caption
from mediakit.subtitles.timed_text import text_lines

_FULL_WIDTH = str.maketrans("{}", "｛｝")
_MARK = re.compile(r"\\(?=[Nnh])")
_WORD_JOINER = "\u2060"

#: Sizes are in parts of a picture of 1920 × 1080, whatever the film's own: two lines of 42 characters fit.
_INFO = {"PlayResX": "1920", "PlayResY": "1080", "ScaledBorderAndShadow": "yes", "WrapStyle": "0"}
_STYLE = SSAStyle(
    fontname="Arial",
    fontsize=64.0,
    primarycolor=Color(255, 255, 255),
    outlinecolor=Color(0, 0, 0),
    outline=3.0,
    shadow=0.0,
    alignment=Alignment.BOTTOM_CENTER,
    marginl=96,
    marginr=96,
    marginv=54,
)


class _Format(SubstationFormat):
    """Times as ffmpeg and libass read them: hours go on past 9, where pysubs2 stops."""

    @staticmethod
    def ms_to_timestamp(requested_ms: int) -> str:
        minutes, hundredths = divmod(requested_ms // 10, 6000)
        return f"{minutes // 60}:{minutes % 60:02d}:{hundredths // 100:02d}.{hundredths % 100:02d}"


def render_ass(captions: Sequence[Caption]) -> str:
    """SubStation Alpha 4+ with one style; times to the hundredth of a second, none shorter than that."""
    file = SSAFile()
    file.info = dict(_INFO)
    file.styles = {"Default": _STYLE}
    file.events = [_event(caption) for caption in captions if text_lines(caption)]
    written = io.StringIO()
    _Format.to_file(file, written, "ass", header_notice="")
    return written.getvalue()


def _event(caption: Caption) -> SSAEvent:
    start_ms, end_ms = ((ms + 5) // 10 * 10 for ms in (caption.start_ms, caption.end_ms))
    return SSAEvent(start_ms, max(end_ms, start_ms + 10), r"\N".join(_safe(line) for line in text_lines(caption)))


def _safe(line: str) -> str:
    return _MARK.sub(rf"\\{_WORD_JOINER}", line.translate(_FULL_WIDTH))
