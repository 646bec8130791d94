"""What Whisper is known to write in Vietnamese where nobody speaks: the ends of videos and credits of subtitles.

Its training data has them over silence and music. People say such things too, so that a phrase of this list proves
nothing: it is only asked whether the sound supports it (:mod:`mediakit.speech.invented`).

Collected from reports of users (m-bain/whisperX #1086), filters that public projects for Vietnamese ship, and from what
Whisper base wrote over the sounds of `scripts/make_noises.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mediakit.vietnamese.normal import fold

#: Fragments, for what lies between them varies: names of channels, `nhé`, `ạ`.
PHRASES = (
    # Subscribe to the channel …
    "hãy subscribe",
    "subscribe cho kênh",
    "hãy đăng ký cho kênh",
    "hãy đăng kí cho kênh",
    "hãy đăng ký kênh",
    "hãy đăng kí kênh",
    "nhớ đăng ký kênh",
    "đừng quên đăng ký",
    "đừng quên đăng kí",
    "đừng quên like",
    "like và subscribe",
    "like và share",
    "like share và subscribe",
    "like và đăng ký kênh",
    "đăng ký kênh để ủng hộ kênh",
    "để ủng hộ kênh của mình",
    "để ủng hộ kênh của chúng mình",
    "nhấn chuông thông báo",
    "bấm chuông thông báo",
    "bật chuông thông báo",
    "nhấn nút đăng ký",
    "bấm nút đăng ký",
    "ghiền mì gõ",
    "la la school",
    "lalaschool",
    # … so as not to miss the videos.
    "để không bỏ lỡ",
    "những video hấp dẫn",
    "để xem những video mới nhất",
    "để nhận được những video mới nhất",
    # Thanks, and see you in the next one.
    "cảm ơn các bạn",
    "cám ơn các bạn",
    "cảm ơn bạn đã xem",
    "cảm ơn mọi người đã xem",
    "cảm ơn quý vị đã xem",
    "cảm ơn quý vị đã theo dõi",
    "cảm ơn đã theo dõi",
    "cảm ơn đã xem",
    "đã theo dõi và hẹn gặp lại",
    "các bạn đã theo dõi",
    "các bạn đã xem video",
    "các bạn đã lắng nghe",
    "xin chào và hẹn gặp lại",
    "hẹn gặp lại các bạn",
    "hẹn gặp lại trong",
    "trong những video tiếp theo",
    "trong các video tiếp theo",
    "trong video tiếp theo",
    "ở những video tiếp theo",
    "chào mừng các bạn đã đến với",
    "chào tạm biệt các bạn",
    # Credits.
    "phụ đề được thực hiện bởi",
    "phụ đề bởi",
    "cộng đồng amara.org",
    "vietsub by",
    "thanks for watching",
    "thank you for watching",
)

#: Words between two fragments that still belong to one phrase: the name of a channel, or `và`.
_BETWEEN = 3
_MARKS = ".,;:!?…\"'“”‘’()[]-–"
_BY_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _phrase in PHRASES:
    _words = tuple(fold(_word) for _word in _phrase.split())
    _BY_FIRST.setdefault(_words[0], []).append(_words)


def bare(text: str) -> str:
    """A word as it is compared: folded, without marks around it.

    >>> bare("“Cảm"), bare("ƠN!")
    ('cảm', 'ơn')
    """
    return fold(text).strip(_MARKS)


def find_phrases(words: Sequence[str]) -> Iterator[range]:
    """Where phrases of the list stand among words, in order; fragments with a name between are one phrase.

    >>> words = "Hãy subscribe cho kênh La La School Để không bỏ lỡ những video hấp dẫn".split()
    >>> list(find_phrases(["đã", *words, "rồi"]))
    [range(1, 16)]
    """
    spoken = [bare(word) for word in words]
    found: range | None = None
    for at in range(len(spoken)):
        length = max((len(p) for p in _BY_FIRST.get(spoken[at], ()) if tuple(spoken[at : at + len(p)]) == p), default=0)
        if not length:
            continue
        if found is not None and at - found.stop <= _BETWEEN:
            found = range(found.start, max(found.stop, at + length))
            continue
        if found is not None:
            yield found
        found = range(at, at + length)
    if found is not None:
        yield found
