"""Names of the article in free speech: taken where the sound bears them out, and never in place of another word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mediakit.article.document import Article
from mediakit.article.text import parse_text
from mediakit.captions.profile_file import find_profile
from mediakit.grounding.names import names_of
from mediakit.pipeline import Medium, transcribe_medium
from mediakit.speech.engines import open_engine
from mediakit.speech.heard import HeardStore
from mediakit.transcript.segments import Segment
from tests.grounding.planted import NOISY, TEXT, Stage, article

READ = (TEXT[3], NOISY[TEXT[3]])
NAMED = article(*TEXT, "Ông Nguyễn Khắc Thận, đại diện Facebook tại Hải Dương, tham dự.")


def free(said: str, heard: str, *, score: float = 0.6, text: Article = NAMED) -> list[Segment]:
    """What becomes of speech that is not in the article, beside a sentence that is read."""
    stage = Stage(READ, (said, heard), score=score)
    return [s for s in stage.ground(text).segments if s.source == "speech"]


def test_names_are_runs_of_capitals_and_foreign_words() -> None:
    found = {" ".join(name.words) for name in names_of(NAMED.sentences)}
    assert found == {"Ngô Đông Hải", "Nguyễn Khắc Thận", "Facebook", "Hải Dương"}


@pytest.mark.parametrize(
    "text",
    [
        "Thông tin từ Sở Thông tin và Truyền thông cho biết.",  # the beginning of a compound is no name
        "Chiều nay UBND họp với HĐND.",
        "Hải. Dương. Bình.",
        "Một 2021 XX 46,3%.",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert names_of(parse_text(f"Tin\n\n{text}").sentences) == ()


def test_a_name_in_another_spelling_takes_the_articles() -> None:
    (segment,) = free("hôm nay anh Ngô Đông Hải có đến không", "hôm nay anh ngô đông hãi, có đến không")
    assert segment.text == "hôm nay anh Ngô Đông Hải, có đến không"
    assert segment.heard == "hôm nay anh ngô đông hãi, có đến không"
    assert [w.text for w in segment.words] == segment.text.split()


@pytest.mark.parametrize(
    ("said", "heard", "score"),
    [
        # Another person, clearly heard; and one that the sound favours.
        ("hôm nay anh Ngô Đông Hà có đến không", "hôm nay anh Ngô Đông Hà có đến không", 0.9),
        ("hôm nay anh Ngô Đông Hà có đến không", "hôm nay anh Ngô Đông Hà có đến không", 0.6),
        # Common words that sound like a name.
        ("anh ra hải đường chơi", "anh ra hải đường chơi", 0.9),
        ("một là hai đường thì khó", "một là hai đường thì khó", 0.6),
        # The same syllables in small letters: two of them may be a common word.
        ("đi qua hải dương mênh mông", "đi qua hải dương mênh mông", 0.6),
        # Not in one go.
        ("tôi ngô, đông hãi", "tôi ngô, đông hãi", 0.6),
    ],
)
def test_other_words_stay_as_they_were_heard(said: str, heard: str, score: float) -> None:
    assert [s.text for s in free(said, heard, score=score)] == [heard]


def test_letters_alone_need_no_sound() -> None:
    stage = Stage(READ, ("ngô đông hải đến", "ngô đông hải đến"))
    texts = [s.text for s in stage.ground(NAMED, head=False).segments if s.source == "speech"]
    assert texts == ["Ngô Đông Hải đến"]


def test_without_a_head_no_other_spelling_is_taken() -> None:
    stage = Stage(READ, ("ngô đông hải đến", "ngô đông hãi đến"))
    texts = [s.text for s in stage.ground(NAMED, head=False).segments if s.source == "speech"]
    assert texts == ["ngô đông hãi đến"]


def test_an_article_that_is_not_read_gives_no_names() -> None:
    stage = Stage(("hôm nay anh Ngô Đông Hải có đến không", "hôm nay anh ngô đông hãi có đến không"))
    grounding = stage.ground(NAMED)
    assert (grounding.verdict, grounding.segments[0].text) == ("unrelated", "hôm nay anh ngô đông hãi có đến không")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_on_real_speech(readings: Path, tmp_path: Path) -> None:
    """Names of an article that is partly read, beside sixteen that nobody says."""
    engine = open_engine("faster-whisper", "base", language="vi")
    truth = json.loads((readings / "phat-bieu.truth.json").read_text(encoding="utf-8"))
    others = "Tứ Sơn, Yết Kiêu, Hiền Lương, Ngô Đông Hải, Thái Bình, Quảng Ninh, Hòa Bình, Tiền Phong, Mai Phương Thúy"
    text = (readings / "phat-bieu.txt").read_text(encoding="utf-8")
    page = parse_text(f"{text}\n\nGặp ông Tiến, có Ngô Anh và {others}.\n")
    result = transcribe_medium(
        Medium(readings / "phat-bieu.mp4", "phat-bieu.mp4"),
        page,
        engine,
        profile=find_profile("netflix-vi"),
        store=HeardStore(tmp_path),
    )
    changed = [(s.heard, s.text) for s in result.segments if s.source == "speech" and s.text != s.heard]
    assert any("ngô anh" in item["text"] for item in truth["spoken"])
    assert [text for _, text in changed if "Ngô Anh" in text] == [text for _, text in changed]
    # Where it hears these two syllables by itself, they get capitals at the most.
    heard_so = any("ngô anh" in segment.heard.lower() for segment in result.segments)
    letters = [text for heard, text in changed if text.lower() != heard.lower()]
    assert len(letters) == (0 if heard_so else 1)
