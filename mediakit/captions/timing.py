"""When captions stand: their speech, stretched into the silence around it as far as the reader needs."""

from __future__ import annotations

from collections.abc import Sequence

from mediakit.captions.profile import Profile


def cue_times(
    speech: Sequence[tuple[int, int]], chars: Sequence[int], profile: Profile, duration_ms: int | None = None
) -> list[tuple[int, int]]:
    """Start and end of each cue, in milliseconds.

    `speech` is when each is said, in order and not overlapping; `chars` how much there is to read. A cue stays after
    its sound while it is still being read, and comes a little before it where that is not enough, but never nearer to
    another than the least gap; short gaps are closed. `duration_ms` is the media's length, beyond which none stands.
    """
    times: list[tuple[int, int]] = []
    free_from_ms = 0
    for number, (said_ms, length) in enumerate(zip(speech, chars, strict=True)):
        followed = number + 1 < len(speech)
        limit_ms = speech[number + 1][0] if followed else duration_ms
        times.append(_stretched(said_ms, length, free_from_ms, limit_ms, followed, profile))
        free_from_ms = times[-1][1] + profile.min_gap_ms
    return _chained(times, profile)


def _stretched(
    speech_ms: tuple[int, int], chars: int, free_from_ms: int, limit_ms: int | None, followed: bool, profile: Profile
) -> tuple[int, int]:
    """One cue's times, at least one millisecond apart; `limit_ms` is when the next cue or the media's end comes."""
    start_ms, speech_end_ms = speech_ms
    need_ms = min(profile.reading_time_ms(chars), profile.max_duration_ms)
    latest_ms = max(speech_end_ms + profile.max_linger_ms, start_ms + profile.min_duration_ms)
    end_ms = max(speech_end_ms, min(start_ms + need_ms, latest_ms))
    end_ms = min(end_ms, start_ms + profile.max_duration_ms)
    if limit_ms is not None:
        room_ms = limit_ms - profile.min_gap_ms if followed else limit_ms
        # Where words of a few milliseconds leave no room even for the gap, the gap gives way.
        end_ms = min(end_ms, room_ms if room_ms > start_ms else max(limit_ms, start_ms + 1))
    # To be seen at all matters more than how early: for the least duration a cue may come as early as there is room.
    lead_ms = min(need_ms - (end_ms - start_ms), profile.max_lead_ms)
    lead_ms = max(0, lead_ms, profile.min_duration_ms - (end_ms - start_ms))
    return start_ms - min(lead_ms, max(0, start_ms - free_from_ms)), end_ms


def _chained(times: Sequence[tuple[int, int]], profile: Profile) -> list[tuple[int, int]]:
    """Gaps too short to be noticed as pauses closed to the least gap, as far as the longest duration allows."""
    chained = list(times)
    for i in range(len(times) - 1):
        (start_ms, end_ms), next_ms = chained[i], chained[i + 1][0]
        if profile.min_gap_ms < next_ms - end_ms <= profile.chain_gap_ms:
            chained[i] = start_ms, min(next_ms - profile.min_gap_ms, start_ms + profile.max_duration_ms)
    return chained
