"""How long text is to a reader."""

from __future__ import annotations

from mediakit.captions.caption import Caption
from mediakit.vietnamese.normal import nfc


def visible_length(text: str) -> int:
    """Characters of `text` as a reader counts them: every Vietnamese letter with its marks is one in NFC.

    >>> visible_length("Thụy"), visible_length("Thu\\u0323y")
    (4, 4)
    """
    return len(nfc(text))


def reading_length(caption: Caption) -> int:
    """Characters to be read; the break between two lines counts as the space that it stands for."""
    return visible_length(" ".join(caption.lines))


def chars_per_second(caption: Caption) -> float:
    """The reading speed that a caption asks for."""
    return reading_length(caption) * 1000 / (caption.end_ms - caption.start_ms)
