"""Writes the golden files anew: `python -m tests.outputs.refresh_golden`. Look at the difference before you keep it."""

from __future__ import annotations

from pathlib import Path

from mediakit.outputs.bundle import FORMATS, FURTHER_FORMATS, render_media
from mediakit.outputs.linked_data import render_linked_data
from tests.outputs.example import ARTICLE, AUDIO, LOOSE, MEDIA, PAGE, VIDEO

GOLDEN = Path(__file__).parent / "golden"


def golden_files() -> dict[str, str]:
    """What the outputs of the example are now, by the name of the golden file."""
    found = {"article.jsonld": render_linked_data(ARTICLE, MEDIA, PAGE)}
    every = (*FORMATS, *FURTHER_FORMATS)
    for stem, result, formats in (("read", AUDIO, every), ("loose", LOOSE, every), ("missing", VIDEO, ("json",))):
        found |= {stem + ending: text for ending, text in render_media(result, formats, language="vi").items()}
    return found


def main() -> None:
    """Write them."""
    for name, text in golden_files().items():
        (GOLDEN / name).write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    main()
