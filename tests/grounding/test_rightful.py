"""Which other article a speech belongs to: planted among others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mediakit.article.document import Article
from mediakit.grounding.ground import Grounding
from mediakit.grounding.rightful import Fit, rightful
from tests.grounding.planted import NOISY, TEXT, Stage, article

#: Shares a name and an office with TEXT, but no sentence.
ALIKE = article(
    "Sở Thông tin và Truyền thông tổ chức giải bóng đá thường niên cho đoàn viên.",
    "Đồng chí Ngô Đông Hải gửi lời chúc mừng năm mới tới bà con xa quê.",
    "Trận chung kết sẽ diễn ra vào cuối tháng tới trên sân nhà.",
)
OTHER = article("Giá rau xanh tăng mạnh sau đợt lũ vừa qua.", "Trời mưa rất to ở nhiều nơi.")
ADLIB = "xin chào quý vị khán giả đang theo dõi chương trình của chúng tôi"


class Grounds:
    """Grounds a speech with any article, and counts how often."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.asked: list[Article] = []

    def __call__(self, text: Article) -> Grounding:
        self.asked.append(text)
        return self.stage.ground(text)


def found(grounds: Grounds, *others: Article) -> Fit | None:
    return rightful(grounds.stage.heard, iter(others), grounds)


@pytest.mark.parametrize("place", range(3))
def test_the_article_that_is_said_is_found_wherever_it_stands(place: int) -> None:
    others = [OTHER, ALIKE]
    others.insert(place, article(*TEXT))
    assert found(Grounds(Stage(*NOISY.items())), *others) == Fit(article(*TEXT), 1.0)


def test_of_two_that_hold_what_is_said_the_fuller_one_is_named() -> None:
    grounds = Grounds(Stage(*NOISY.items()))
    assert found(grounds, article(*TEXT[:4]), article(*TEXT)) == Fit(article(*TEXT), 1.0)
    assert grounds.asked == [article(*TEXT)]


def test_shared_names_are_no_fit() -> None:
    assert found(Grounds(Stage(*NOISY.items())), ALIKE, OTHER) is None


def test_an_article_of_which_two_sentences_are_said_is_no_fit() -> None:
    """Its sentences are said, so it is grounded; but most of the speech is not in it."""
    grounds = Grounds(Stage(*NOISY.items()))
    assert found(grounds, article(*TEXT[:2], *(s.text for s in OTHER.sentences))) is None
    assert len(grounds.asked) == 1
    assert 0.05 < grounds(grounds.asked[0]).coverage < 0.5


def test_half_of_a_speech_is_enough() -> None:
    grounds = Grounds(Stage(*NOISY.items(), (ADLIB, ADLIB)))
    fit = found(grounds, OTHER, article(*TEXT))
    assert fit is not None
    assert 0.5 < fit.coverage < 1.0


def test_few_are_grounded_however_many_there_are() -> None:
    """Nearly the same text a hundred times, none of it fit: the work is bounded, and what is read is not kept."""
    half = (*TEXT[:2], *(s.text for s in OTHER.sentences))
    taken = 0

    def many() -> Iterator[Article]:
        nonlocal taken
        for number in range(100):
            taken += 1
            yield article(*half, f"Bản tin số {number}.")

    grounds = Grounds(Stage(*NOISY.items()))
    assert rightful(grounds.stage.heard, many(), grounds) is None
    assert (taken, len(grounds.asked)) == (100, 3)


def test_nothing_to_go_by() -> None:
    assert rightful([], [article(*TEXT)], Grounds(Stage(*NOISY.items()))) is None
    assert found(Grounds(Stage(*NOISY.items()))) is None
    assert found(Grounds(Stage(*NOISY.items())), article()) is None
