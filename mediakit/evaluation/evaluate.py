"""All figures for one result against one reference, each where the reference allows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mediakit.captions.profile import Profile
from mediakit.evaluation.beside import Beside
from mediakit.evaluation.groups import Group
from mediakit.evaluation.keeping import CaptionsKept, WordsKept, captions_kept, words_kept
from mediakit.evaluation.names import SaidName, said_names
from mediakit.evaluation.placing import Placed, ReadSentences, place, read_sentences
from mediakit.evaluation.reference import Kind, Reference
from mediakit.evaluation.timing import Edges, WordTimes, cue_edges, sentence_edges, word_times
from mediakit.evaluation.word_errors import WordErrors, word_errors
from mediakit.result import Result


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured; None where the reference does not allow it.

    `placed` are the article's segments beside what is spoken, `read` the sentences found; both need a truth. `edges`
    need times. `word_times`, of all words and of those printed as the article's, need words that were timed by hand.
    """

    result: Result
    reference_kind: Kind
    errors: Mapping[Group, WordErrors]
    names: Mapping[Group, tuple[SaidName, ...]] | None
    placed: tuple[Placed, ...] | None
    read: ReadSentences | None
    edges: Edges | None
    word_times: Mapping[Group, WordTimes] | None
    words: WordsKept
    captions: CaptionsKept

    @property
    def pasted(self) -> tuple[Placed, ...]:
        """The article's segments with words that were not said there."""
        return tuple(item for item in self.placed or () if item.unsaid)


def evaluate(result: Result, reference: Reference, profile: Profile) -> Evaluation:
    """Measure a result."""
    beside = Beside.of(result, reference)
    placed = place(beside) if reference.kind == "truth" else None
    return Evaluation(
        result=result,
        reference_kind=reference.kind,
        errors=word_errors(beside),
        names=said_names(beside) if result.article is not None else None,
        placed=placed,
        read=read_sentences(beside, placed) if placed is not None else None,
        edges=_edges(beside, placed),
        word_times=_word_times(beside),
        words=words_kept(result),
        captions=captions_kept(result, profile),
    )


def _edges(beside: Beside, placed: tuple[Placed, ...] | None) -> Edges | None:
    if placed is not None:
        return sentence_edges(beside, placed)
    return None if beside.reference.kind == "text" else cue_edges(beside)


def _word_times(beside: Beside) -> Mapping[Group, WordTimes] | None:
    if not any(item.words for item in beside.reference.spoken):
        return None
    return {"all": word_times(beside, article_only=False), "article": word_times(beside, article_only=True)}
