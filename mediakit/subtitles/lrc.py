"""LRC (`.lrc`), which players of sound show: a line a caption, and an empty one where nobody speaks.

There is no standard; this is what https://en.wikipedia.org/wiki/LRC_(file_format) and ffmpeg agree on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mediakit.captions.caption import Caption
from mediakit.subtitles.timed_text import one_line, text_lines

#: A line stands until the next one: a silence longer than this has a line of its own, without text.
_SILENCE_MS = 1000

# What some players read inside a line: `[00:12.00]` and `[by:…]` as tags, `<00:12.00>` as the time of a word. ffmpeg
# takes any bracket right after the time for the beginning of another.
_TAG = re.compile(r"^\[[^\[\]]*\]?|\[[^\[\]]*:[^\[\]]*\]?|<[ ]*\d+:[^<>]*>?")
_FULL_WIDTH = str.maketrans("[]<>", "［］＜＞")


def render_lrc(captions: Sequence[Caption], *, title: str = "", author: str = "", language: str = "") -> str:
    """LRC to the hundredth of a second, with the tags that are known.

    It has no escapes: brackets that would be read as a tag are written as their full-width forms (`［`).
    """
    tags = {"ti": title, "ar": author, "la": language, "by": "mediakit"}
    head = [f"[{name}:{_tag_value(value)}]" for name, value in tags.items() if _tag_value(value)]
    shown = [caption for caption in captions if text_lines(caption)]
    lines = []
    for caption, after in zip(shown, [*shown[1:], None], strict=False):
        lines.append(f"{_time(caption.start_ms)}{_safe(' '.join(text_lines(caption)))}")
        if after is None or after.start_ms - caption.end_ms > _SILENCE_MS:
            lines.append(_time(max(caption.end_ms, caption.start_ms + 10)))
    return "".join(f"{line}\n" for line in [*head, *lines])


def _time(ms: int) -> str:
    """`[mm:ss.xx]`; the minutes go on past 99."""
    minutes, hundredths = divmod((ms + 5) // 10, 6000)
    return f"[{minutes:02d}:{hundredths // 100:02d}.{hundredths % 100:02d}]"


def _tag_value(text: str) -> str:
    return one_line(text).translate(_FULL_WIDTH)


def _safe(line: str) -> str:
    """The line without tags: without the brackets of those that it has, or, where others close then, of all."""
    safe = _TAG.sub(lambda tag: tag[0].translate(_FULL_WIDTH), line)
    return safe if _TAG.search(safe) is None else line.translate(_FULL_WIDTH)
