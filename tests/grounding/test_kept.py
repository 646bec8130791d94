"""Groundings that are kept come back as they were, and what is not whole is none."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit.article.document import Sentence
from mediakit.errors import OutputError
from mediakit.grounding.ground import Grounding
from mediakit.grounding.kept import GroundingKey, GroundingStore
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment
from tests.grounding.planted import NOISY, TEXT, Stage, article

KEY = GroundingKey("ab" * 32, (Sentence("p0s1", "Chiều nay"), Sentence("p1s1", "Mưa to.")))
#: A sentence that is read, one that is not, and other speech.
GROUNDING = Stage((TEXT[0], NOISY[TEXT[0]]), ("cảm ơn quý vị", "cảm ơn quý vị")).ground(article(*TEXT[:2]))

#: Any text that a string can be, halves of surrogate pairs too.
TEXTS = st.text(st.characters(), min_size=1, max_size=20)
SCORES = st.floats(0, 1)


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    """A segment with one word or more, at any times."""
    edges = sorted(draw(st.sets(st.integers(0, 10**8), min_size=4, max_size=12)))
    texts = TEXTS.filter(str.strip)
    sentence = draw(st.none() | TEXTS)
    spans = list(pairwise(edges[1:-1]))
    # At least half of the words of a sentence are the article's.
    own = [sentence is not None and (n % 2 == 0 or draw(st.booleans())) for n in range(len(spans))]
    words = tuple(Word(*span, draw(texts), draw(SCORES), one) for span, one in zip(spans, own, strict=True))
    source: Literal["article", "speech"] = "speech" if sentence is None else "article"
    score = draw(st.floats(allow_nan=False))
    return Segment(edges[0], edges[-1], draw(TEXTS), draw(TEXTS), source, sentence, score, words)


GROUNDINGS = st.builds(
    Grounding,
    st.lists(segments(), max_size=4).map(tuple),
    st.sampled_from(("read", "partly-read", "unrelated", None)),
    SCORES,
    st.lists(TEXTS, max_size=4).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(grounding=GROUNDINGS)
def test_comes_back_as_it_was(grounding: Grounding) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = GroundingStore(Path(folder) / "a" / "b")
        store.keep(KEY, grounding)
        found = store.get(KEY)
        # Also the same as text: 0 and 0.0, or 0.0 and -0.0, are equal, but not in what is written of them.
        assert (found, repr(found)) == (grounding, repr(grounding))


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, heard_sha256="cd" * 32),
        replace(KEY, sentences=KEY.sentences[:1]),
        replace(KEY, sentences=KEY.sentences[::-1]),
        replace(KEY, sentences=(KEY.sentences[0], Sentence("p1s1", "Mưa nhỏ."))),
        replace(KEY, sentences=(KEY.sentences[0], Sentence("p2s1", "Mưa to."))),
        replace(KEY, version=KEY.version + 1),
    ],
)
def test_another_key_has_none(tmp_path: Path, other: GroundingKey) -> None:
    store = GroundingStore(tmp_path)
    store.keep(KEY, GROUNDING)
    assert store.get(other) is None
    # Nor is the file taken where it lies under the other's name.
    (tmp_path / f"{KEY.name}.json").rename(tmp_path / f"{other.name}.json")
    assert store.get(other) is None
    store.keep(other, GROUNDING)
    assert store.get(other) == GROUNDING


def test_a_torn_file_is_none_wherever_it_is_torn(tmp_path: Path) -> None:
    store, path = GroundingStore(tmp_path), tmp_path / f"{KEY.name}.json"
    store.keep(KEY, GROUNDING)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert store.get(KEY) is None
    store.keep(KEY, GROUNDING)
    assert path.read_bytes() == whole


def test_a_file_with_anything_changed_is_none(tmp_path: Path) -> None:
    """One digit of a time, as a bad disk or a curious person may change it."""
    store, path = GroundingStore(tmp_path), tmp_path / f"{KEY.name}.json"
    store.keep(KEY, GROUNDING)
    before = f'"end_ms": {GROUNDING.segments[0].end_ms},'
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, f'"end_ms": {GROUNDING.segments[0].end_ms + 1},'), encoding="utf-8")
    assert store.get(KEY) is None


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"null",
        b"[]",
        b'"grounding"',
        b"{}",
        b'{"grounding": {}, "sha256": null}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"grounding": ' + b"9" * 10_000 + b', "sha256": ""}',
        json.dumps({"grounding": {"segments": []}, "sha256": "0" * 64}).encode(),
    ],
)
def test_rubbish_is_none(tmp_path: Path, rubbish: bytes) -> None:
    (tmp_path / f"{KEY.name}.json").write_bytes(rubbish)
    assert GroundingStore(tmp_path).get(KEY) is None


def test_no_room_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="grounding"):
        GroundingStore(tmp_path / "file").keep(KEY, GROUNDING)


def test_a_folder_in_its_place_is_an_output_error(tmp_path: Path) -> None:
    store = GroundingStore(tmp_path)
    (tmp_path / f"{KEY.name}.json").mkdir()
    assert store.get(KEY) is None
    with pytest.raises(OutputError, match="grounding"):
        store.keep(KEY, GROUNDING)
