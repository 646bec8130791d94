"""TTML (`.ttml`) in the text profile of IMSC 1.1, written by the package `ttconv`.

https://www.w3.org/TR/ttml-imsc1.1/; what the file does not say is as the profile has it: media time, 32 × 15 cells.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ttconv import model
from ttconv.imsc import writer
from ttconv.imsc.config import ContentProfilesSignaling, IMSCWriterConfiguration
from ttconv.imsc.designators import IMSC_11_TEXT_PROFILE_DESIGNATOR
from ttconv.style_properties import (
    CoordinateType,
    DisplayAlignType,
    ExtentType,
    GenericFontFamilyType,
    LengthType,
    StyleProperties,
    TextAlignType,
)

from mediakit.captions.caption import Caption
from mediakit.subtitles.timed_text import text_lines
from mediakit.timeline import MS_PER_SECOND

_XML = "{http://www.w3.org/XML/1998/namespace}"
_CONFIGURATION = IMSCWriterConfiguration(profile_signaling=ContentProfilesSignaling.CONTENT_PROFILES)


def render_ttml(
    captions: Sequence[Caption], *, language: str = "vi", languages: Mapping[str, str] | None = None
) -> str:
    """IMSC 1.1 text: times of the media to the millisecond, a paragraph a caption, a `br` between its lines.

    `languages` has the ids of foreign captions.
    """
    document = model.ContentDocument()
    document.set_lang(language)
    document.set_content_profiles({IMSC_11_TEXT_PROFILE_DESIGNATOR})
    region = _region(document)
    document.put_region(region)
    body, division = model.Body(document), model.Div(document)
    body.set_region(region)
    body.push_child(division)
    document.set_body(body)
    for number, caption in enumerate(captions, start=1):
        if lines := text_lines(caption):
            division.push_child(_paragraph(document, f"c{number}", caption, lines))
    names = {caption.id: f"c{number}" for number, caption in enumerate(captions, start=1)}
    foreign = {names[caption]: code for caption, code in (languages or {}).items()}
    return _serialized(writer.from_model(document, _CONFIGURATION).getroot(), foreign)


def _region(document: Any) -> Any:
    """Below, centred, a tenth of the picture from its edges; 42 characters of this size fit in its width."""
    region = model.Region("bottom", document)
    tenth, most = (LengthType(share, LengthType.Units.pct) for share in (10, 80))
    region.set_style(StyleProperties.Origin, CoordinateType(tenth, tenth))
    region.set_style(StyleProperties.Extent, ExtentType(height=most, width=most))
    region.set_style(StyleProperties.DisplayAlign, DisplayAlignType.after)
    region.set_style(StyleProperties.TextAlign, TextAlignType.center)
    region.set_style(StyleProperties.FontFamily, (GenericFontFamilyType.proportionalSansSerif,))
    region.set_style(StyleProperties.FontSize, most)
    return region


def _paragraph(document: Any, name: str, caption: Caption, lines: Sequence[str]) -> Any:
    paragraph = model.P(document)
    paragraph.set_id(name)
    paragraph.set_begin(Fraction(caption.start_ms, MS_PER_SECOND))
    paragraph.set_end(Fraction(caption.end_ms, MS_PER_SECOND))
    for n, line in enumerate(lines):
        if n:
            paragraph.push_child(model.Br(document))
        span = model.Span(document)
        span.push_child(model.Text(document, line))
        paragraph.push_child(span)
    return paragraph


def _serialized(root: ET.Element, foreign: Mapping[str, str]) -> str:
    """XML with a caption a line; inside a paragraph, white space would be text. `foreign` has languages of paragraphs.

    The writer of the package has the document's language only.
    """
    for division in root.iter("{http://www.w3.org/ns/ttml}div"):
        division.text = "\n"
        for paragraph in division:
            paragraph.tail = "\n"
            if (language := foreign.get(paragraph.get(f"{_XML}id", ""))) is not None:
                paragraph.set(f"{_XML}lang", language)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
