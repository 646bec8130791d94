"""Plain text with times: a line a caption. And what the simpler formats share: a caption's line as text alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mediakit.captions.caption import Caption
from mediakit.timeline import timestamp
from mediakit.vietnamese.normal import nfc

# What is no Char of XML 1.0 (https://www.w3.org/TR/xml/#charsets): no file of captions has a use for it.
_NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_timed(captions: Sequence[Caption]) -> str:
    """`[00:00:01.000] text`: when each caption begins, and its lines joined by a space."""
    return "".join(f"[{timestamp(c.start_ms)}] {' '.join(text_lines(c))}\n" for c in captions if text_lines(c))


def text_lines(caption: Caption) -> list[str]:
    """The lines of a caption that have text, composed, with single spaces and without control characters."""
    return [line for line in map(one_line, caption.lines) if line]


def one_line(text: str) -> str:
    r"""`text` composed (NFC), on one line with single spaces, without control characters.

    >>> one_line("Xin\r\n\n chào\x00 ba\u0300")
    'Xin chào bà'
    """
    kept = (_NO_CHARACTER.sub("", piece) for piece in text.split())
    return nfc(" ".join(piece for piece in kept if piece))
