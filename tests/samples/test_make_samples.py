"""The pure parts of the samples' builder; the whole is built in tests/whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mediakit.article.text import parse_text
from mediakit.errors import MediakitError
from scripts.make_samples import (
    AUDIO,
    LEAD_MS,
    PAUSES_MS,
    READERS,
    SAMPLES,
    VIDEO,
    Voice,
    check_wheel,
    fill_template,
    join,
    main,
    trimmed,
    truth,
)

TEXTS = {name: f"Câu đọc thử của {who} ở đây." for name, who in READERS.items()}


def tone(*runs: tuple[int, float]) -> Any:
    """A clip whose runs are (milliseconds, amplitude)."""
    from pydub import AudioSegment  # quiet by now: the builder has imported it

    sound = np.concatenate([np.sin(np.arange(24 * ms) / 10) * amplitude for ms, amplitude in runs])
    return AudioSegment((sound * 32767).astype("<i2").tobytes(), sample_width=2, frame_rate=24_000, channels=1)


@pytest.fixture
def voices() -> dict[str, Voice]:
    return {name: Voice(text, tone((700, 0.3))) for name, text in TEXTS.items()}


def test_trimmed_to_the_speech() -> None:
    cut = trimmed(tone((300, 0.001), (500, 0.4), (40, 0.0), (200, 0.3), (250, 0.001)))
    assert len(cut) == 740


def test_the_truth_is_where_the_voices_are(voices: dict[str, Voice]) -> None:
    recording, spoken = join([voices[n] for n in AUDIO], [True] * len(AUDIO))
    assert [s.text for s in spoken] == [TEXTS[n] for n in AUDIO]
    assert spoken[0].start_ms == LEAD_MS
    for item in spoken:
        assert recording[item.start_ms : item.end_ms].dBFS > -20
        assert recording[item.end_ms + 5 : item.end_ms + min(PAUSES_MS)].dBFS < -90
    assert recording[: LEAD_MS - 5].dBFS < -90


def test_the_article_quotes_each_sentence_alone(voices: dict[str, Voice]) -> None:
    template = (SAMPLES / "thu-giong-doc.txt.in").read_text(encoding="utf-8")
    text = fill_template(template, voices)
    article = parse_text(text)
    sentences = [s.text for s in article.sentences]
    assert all(TEXTS[name] in sentences for name in AUDIO)
    assert [a.name for a in article.attachments] == ["thu-giong-doc.mp3", "phat-bieu-giam-khao.mp4"]
    assert article.author
    assert len([b for b in article.blocks if type(b).__name__ == "Photo"]) == 2
    not_there = [TEXTS[name] for name in VIDEO if TEXTS[name] not in sentences]
    assert len(not_there) >= 2
    assert len(not_there) < len(VIDEO)


def test_what_nobody_reads_is_listed(voices: dict[str, Voice]) -> None:
    template = (SAMPLES / "thu-giong-doc.txt.in").read_text(encoding="utf-8")
    text = fill_template(template, voices)
    _, spoken = join([voices[n] for n in AUDIO], [True] * len(AUDIO))
    answer = truth("a.mp3", spoken, text)
    unread, sentences = answer["unread"], answer["article_sentences"]
    assert isinstance(unread, list)
    assert isinstance(sentences, list)
    assert len(unread) == len(sentences) - len(AUDIO)
    assert not set(unread) & {s.text for s in spoken}


def test_another_wheel_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wheel = tmp_path / "vieneu.whl"
    wheel.write_bytes(b"PK not the wheel")
    with pytest.raises(MediakitError, match="not the known wheel"):
        check_wheel(wheel)
    assert main(["--wheel", str(wheel), "--output", str(tmp_path / "out")]) == 1
    assert "not the known wheel" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
