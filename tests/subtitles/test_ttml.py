"""TTML as an XML parser reads it by the rules of the standard, and as ttconv's own reader does."""

from __future__ import annotations

import logging
import re
import time
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import example, given
from ttconv.imsc.reader import to_model
from ttconv.isd import ISD
from ttconv.model import Text

from mediakit.captions.caption import Caption
from mediakit.subtitles.ttml import render_ttml
from tests.subtitles.hostile import ALL, captions, shown

TT = "{http://www.w3.org/ns/ttml}"
TTP = "{http://www.w3.org/ns/ttml#parameter}"
TTS = "{http://www.w3.org/ns/ttml#styling}"
XML = "{http://www.w3.org/XML/1998/namespace}"


def milliseconds(expression: str) -> int:
    """A clock time, https://www.w3.org/TR/ttml2/#timing-value-time-expression, with a fraction."""
    found = re.fullmatch(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})", expression)
    assert found is not None, expression
    hours, minutes, seconds, rest = map(int, found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def lines_of(paragraph: ET.Element) -> list[str]:
    """Its text, cut at each `br`; white space counts."""
    text = paragraph.text or ""
    for child in paragraph:
        assert child.tag in (f"{TT}br", f"{TT}span")
        text += ("\n" if child.tag == f"{TT}br" else child.text or "") + (child.tail or "")
    return text.split("\n")


@given(captions())
@example(ALL)
def test_ttml_comes_back_cue_by_cue(given: tuple[Caption, ...]) -> None:
    root = ET.fromstring(render_ttml(given).encode("utf-8"))
    paragraphs = root.findall(f"{TT}body/{TT}div/{TT}p")
    assert [
        (p.get(f"{XML}id"), milliseconds(p.attrib["begin"]), milliseconds(p.attrib["end"])) for p in paragraphs
    ] == [(c.id, c.start_ms, c.end_ms) for c in given]
    assert [lines_of(p) for p in paragraphs] == [[shown(line) for line in c.lines] for c in given]


def test_it_says_that_it_is_imsc_text_in_its_language() -> None:
    root = ET.fromstring(render_ttml(ALL, language="vi").encode("utf-8"))
    assert root.tag == f"{TT}tt"
    assert root.get(f"{TTP}contentProfiles") == "http://www.w3.org/ns/ttml/profile/imsc1.1/text"
    assert root.get(f"{XML}lang") == "vi"
    assert root.get(f"{TTP}timeBase", "media") == "media"
    region = root.find(f"{TT}head/{TT}layout/{TT}region")
    body = root.find(f"{TT}body")
    assert region is not None
    assert body is not None
    assert body.get("region") == region.get(f"{XML}id")
    # https://www.w3.org/TR/ttml-imsc1.1/#extent-region: a region has both, and lies in the picture.
    assert (region.get(f"{TTS}origin"), region.get(f"{TTS}extent")) == ("10% 10%", "80% 80%")
    names = [element.get(f"{XML}id") for element in root.iter() if element.get(f"{XML}id")]
    assert len(names) == len(set(names)) == len(ALL) + 1


def test_the_reader_of_ttconv_shows_each_caption_in_its_time(caplog: pytest.LogCaptureFixture) -> None:
    given = ALL[:8]
    with caplog.at_level(logging.WARNING):
        document = to_model(ET.ElementTree(ET.fromstring(render_ttml(given))))
    assert [record.getMessage() for record in caplog.records] == []
    for caption in given:
        at = {ms: text_at(document, ms) for ms in (caption.start_ms, caption.end_ms - 1, caption.end_ms)}
        text = "".join(shown(line) for line in caption.lines)
        assert at == {caption.start_ms: text, caption.end_ms - 1: text, caption.end_ms: ""}


def text_at(document: object, ms: int) -> str:
    """What is on the screen at a time."""
    picture = ISD.from_model(document, Fraction(ms, 1000))
    regions = picture.iter_regions() if picture is not None else ()
    return "".join(e.get_text() for region in regions for e in region.dfs_iterator() if isinstance(e, Text))


def test_no_captions_are_a_file_too() -> None:
    root = ET.fromstring(render_ttml([]))
    assert len(root.findall(f"{TT}body/{TT}div")) == 1
    assert root.findall(f".//{TT}p") == []


def test_of_a_caption_of_control_characters_nothing_is_left() -> None:
    assert "<p " not in render_ttml([Caption("c1", 0, 1000, ("\x00\x01",))])


def test_five_thousand_captions_take_no_time_to_speak_of() -> None:
    many = [Caption(f"c{n}", n * 2000, n * 2000 + 1500, ("Một hai ba", "bốn năm")) for n in range(5000)]
    begin = time.process_time()
    assert render_ttml(many).count("<p ") == 5000
    assert time.process_time() - begin < 5  # 0.4 s where this was written
