"""The picture of a medium's time line: its colours are the record's."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mediakit.outputs.plot import WIDTH, render_plot
from mediakit.outputs.stretches import STRETCH_NAMES, Stretch, merged, shares, stretches
from mediakit.result import Result
from tests.browser.hostile import HOSTILE
from tests.outputs.example import AUDIO, LOOSE, VIDEO, grounded, segment

ARTICLE, SPEECH, UNRELATED = (11, 92, 120), (185, 138, 47), (163, 39, 31)
SILENCE, PAPER = (220, 216, 208), (253, 252, 250)
EDGE, BAR_TOP = 48, 190


def picture(result: Result) -> Image.Image:
    """The picture as who opens the file sees it."""
    file = Image.open(io.BytesIO(render_plot(result)))
    assert file.format == "PNG"
    return file.convert("RGB")


def colour_at(image: Image.Image, result: Result, ms: int) -> object:
    """The colour of the time line at a time."""
    whole_ms = stretches(result)[-1].end_ms
    return image.getpixel((EDGE + (WIDTH - 2 * EDGE) * ms // whole_ms, BAR_TOP))


def test_the_time_line_has_the_colours_of_what_is_said() -> None:
    image = picture(AUDIO)
    times = {200: SILENCE, 1500: ARTICLE, 3000: SILENCE, 3800: SPEECH, 5000: SILENCE, 8000: ARTICLE, 14_000: SILENCE}
    assert {ms: colour_at(image, AUDIO, ms) for ms in times} == times


def test_a_medium_that_has_nothing_to_do_with_the_article_is_seen_to() -> None:
    wrong = replace(AUDIO, segments=AUDIO.segments[1:2], article=replace(grounded(), verdict="unrelated"))
    assert colour_at(picture(wrong), wrong, 3800) == UNRELATED


def test_each_sentence_is_where_it_is_said_on_the_line_of_its_own() -> None:
    image = picture(AUDIO)
    order = [sentence.id for sentence in grounded().sentences]
    top = 184 + 56 + 64
    for said in (AUDIO.segments[0], AUDIO.segments[2]):
        middle_ms = (said.start_ms + said.end_ms) // 2
        x = EDGE + (WIDTH - 2 * EDGE) * middle_ms // 15_250
        column = [image.getpixel((x, top + 10 * row + 5)) for row in range(len(order))]
        assert [row for row, colour in enumerate(column) if colour == ARTICLE] == [order.index(said.sentence or "")]
    marked = [row for row in range(len(order)) if image.getpixel((EDGE - 10, top + 10 * row + 4)) != PAPER]
    assert [order[row] for row in marked] == list(AUDIO.unread), "what is not read is marked at the edge"


def test_media_without_article_speech_or_length_have_one_too() -> None:
    assert colour_at(picture(LOOSE), LOOSE, 100) == SPEECH
    assert picture(LOOSE).height < picture(AUDIO).height
    for empty in (VIDEO, replace(LOOSE, segments=()), replace(LOOSE, segments=(), media=VIDEO.media)):
        assert picture(empty).width == WIDTH


def test_the_same_result_gives_the_same_picture() -> None:
    assert render_plot(AUDIO) == render_plot(AUDIO)


@pytest.mark.parametrize("text", [HOSTILE[-1], HOSTILE[-5], "a\nb\x00\x1b[2J", "\udce1"])
def test_no_text_is_too_long_or_too_strange(text: str) -> None:
    strange = replace(AUDIO, media=replace(AUDIO.media, path=text), article=replace(grounded(), title=text))
    image = picture(strange)
    assert image.size == picture(AUDIO).size
    right = {image.getpixel((WIDTH - 10, y)) for y in range(image.height)}
    assert right == {PAPER}, "nothing is drawn over the edge"


def test_an_article_of_thousands_of_sentences_fits() -> None:
    many = replace(AUDIO, article=replace(grounded(), sentences=grounded().sentences * 2000))
    assert picture(many).height < 1000


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 5000), st.booleans()), max_size=12), st.integers(0, 9000)
)
def test_stretches_have_no_gap_and_their_shares_are_all(said: list[tuple[int, int, bool]], after_ms: int) -> None:
    segments, at_ms = [], 0
    for gap_ms, length_ms, is_read in said:
        made = segment("x", at_ms + gap_ms, "p1s1" if is_read else None)
        end_ms = made.start_ms + length_ms
        word = replace(made.words[0], end_ms=end_ms)
        segments.append(replace(made, end_ms=end_ms, words=(word,)))
        at_ms = end_ms
    result = replace(AUDIO, segments=tuple(segments), media=replace(AUDIO.media, duration_ms=at_ms + after_ms))
    line = stretches(result)
    assert [s.start_ms for s in line] == [0, *(s.end_ms for s in line)][: len(line)]
    assert (line[-1].end_ms if line else 0) == at_ms + after_ms
    if line:
        assert sum(shares(line).values()) == pytest.approx(1)
    for kind in STRETCH_NAMES:
        bars = merged(line, kind, 100)
        assert bool(bars) == any(s.kind == kind for s in line)
        assert all(0 <= left < right <= 100 for left, right in bars)
        assert all(one[1] < other[0] for one, other in pairwise(bars))


def test_a_word_in_three_hours_is_seen() -> None:
    line = (Stretch(0, 10_800_000 - 300, "silence"), Stretch(10_800_000 - 300, 10_800_000, "speech"))
    assert merged(line, "speech", 1000) == [(999, 1000)]
