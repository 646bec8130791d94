"""Which of the heard words are the article's, and what is then printed.

The sound decides which words were said, the article how they are written. A search over all that the CTC head heard
places the sentences (:mod:`mediakit.grounding.placement`); one over a sentence and what was heard there finds its words
(:mod:`mediakit.grounding.wording`); all other speech is printed as it was heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mediakit.article.document import Article
from mediakit.grounding.placement import place
from mediakit.grounding.printing import free_segments, heard_in, said_in, segments_of
from mediakit.grounding.script import Script
from mediakit.grounding.shortlist import Shortlist
from mediakit.grounding.timing import Loudness, snap_edges, without_pauses
from mediakit.grounding.verdict import Verdict, coverage, verdict
from mediakit.grounding.witness import Witness
from mediakit.grounding.word_times import Sound, with_word_times
from mediakit.grounding.wording import Worded, Wording
from mediakit.language_model.article import ArticleNGram
from mediakit.language_model.mixture import Mixture
from mediakit.language_model.ngram import NGram
from mediakit.search.costs import Costs
from mediakit.speech.ctc.head import inventory
from mediakit.speech.engine import Heard
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment

#: What is thought of how much is the article's, before anything is heard.
EVEN = (0.5, 0.5)


@dataclass(frozen=True)
class Grounding:
    """What was said, tied to the article: segments in order, verdict, coverage (0 to 1) and ids not read.

    Where nobody speaks there is nothing to judge, and `verdict` is None.
    """

    segments: tuple[Segment, ...]
    verdict: Verdict | None
    coverage: float
    unread: tuple[str, ...]


def ground(
    heard: Sequence[Heard],
    article: Article,
    *,
    duration_ms: int,
    sound: Sound | None = None,
    costs: Costs | None = None,
) -> Grounding:
    """Tie what was heard to the sentences of the article.

    Parameters
    ----------
    heard
        All windows of one media file, in order.
    sound
        The sound, for the times of words; asked for stretches of at most 30 s, twice through the file in order of
        time. Without it words are where the CTC head hears them.
    costs
        Those of the searches; without them those that were fitted.
    """
    script, loudness = Script.of(article), Loudness.of(heard)
    words, languages = _heard_words(heard, loudness)
    witness = Witness.of(heard, inventory(), costs or Costs())
    worded = _worded(script, article, witness, [word for word in words if word not in languages])
    segments = segments_of(worded, words, languages, witness, script, loudness, duration_ms)
    if sound is not None:
        segments = with_word_times(segments, said_in(worded, script), sound, loudness)
    read = {one.sentence for one in worded}
    share = coverage(segments)
    syllables = sum(script.size(i) for i in range(len(script.sentences)))
    return Grounding(
        tuple(segments),
        verdict(share, sum(script.size(i) for i in read) / max(1, syllables)) if segments else None,
        share,
        tuple(s.id for i, s in enumerate(script.sentences) if i not in read),
    )


def free_speech(heard: Sequence[Heard], *, duration_ms: int) -> tuple[Segment, ...]:
    """What was heard without an article: stretches between pauses, sentence ends and changes of language."""
    loudness = Loudness.of(heard)
    words, languages = _heard_words(heard, loudness)
    return tuple(snap_edges(free_segments(words, {}, languages), loudness, duration_ms))


def _worded(script: Script, article: Article, witness: Witness, words: Sequence[Word]) -> list[Worded]:
    """The sentences that were said, in order, with their words."""
    spelt = [witness.spelt(ways) for ways in script.ways]
    shortlist = Shortlist(witness.frames, [[unit for ways in sentence for unit in ways[0]] for sentence in spelt])
    visits = place(witness.frames, spelt, witness.costs, shortlist)
    if not visits:
        return []
    general = NGram.open()
    language = Mixture((general, ArticleNGram.of(article, general)), EVEN)
    wording = Wording(script, witness, general, language, witness.costs)
    return wording.of(visits, heard_in(visits, words, script))


def _heard_words(heard: Iterable[Heard], loudness: Loudness) -> tuple[list[Word], dict[Word, str]]:
    """All words in order, each where there is sound; and of the foreign ones the language."""
    words: list[Word] = []
    languages: dict[Word, str] = {}
    for window in heard:
        found = without_pauses(window.words, loudness)
        words += found
        if window.language is not None:
            languages.update((word, window.language) for word in found)
    return words, languages
