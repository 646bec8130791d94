"""What a person and a program are told of a job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from mediakit.cli.report import job_lines, job_object
from mediakit.jobs.plan import Job, Piece
from mediakit.jobs.run import Done, JobReport
from mediakit.result import Result
from tests.outputs.example import ARTICLE, AUDIO, LOOSE, VIDEO


def report(*results: Result) -> JobReport:
    pieces = [Piece(result.media.path, result.media.kind, None) for result in results]
    done = [Done(piece, result, (Path("out") / "a.srt",)) for piece, result in zip(pieces, results, strict=True)]
    return JobReport(Job(ARTICLE, tuple(pieces), source=Path("trong-cay.txt")), done)


def test_a_line_says_how_much_of_the_article_is_said() -> None:
    assert job_lines(report(AUDIO, VIDEO, LOOSE)) == [
        "trong cây #1.mp3: 0:15, 2 captions, the article is read in part (75% of the speech), "
        "2 of its 4 sentences are not said",
        "phát biểu.mp4: not transcribed",
        "lời nói.wav: 0:04, 2 captions",
        *["  out/a.srt"] * 3,
    ]


def test_lengths_have_hours_and_one_is_not_many() -> None:
    long = replace(LOOSE, media=replace(LOOSE.media, duration_ms=86_399_000), captions=LOOSE.captions[:1])
    assert job_lines(report(long))[0] == "lời nói.wav: 23:59:59, 1 caption"


def test_a_program_is_told_which_sentences_are_not_said() -> None:
    told: Any = job_object(report(AUDIO, VIDEO, LOOSE))
    first, second, third = told["media"]
    assert (first["unread"], first["coverage"], first["verdict"]) == (["p0s1", "p2s2"], 0.7512, "partly-read")
    assert second["unread"] == ["p0s1", "p1s1", "p2s1", "p2s2"]
    assert third["unread"] == []


def test_a_result_of_an_earlier_version_is_said_to_be_made_anew() -> None:
    made = report(AUDIO)
    anew = replace(made, done=[replace(made.done[0], replaces="mediakit/transcript@1")])
    assert "made anew: its result was of an earlier version (mediakit/transcript@1)" in job_lines(anew)[0]
    media: Any = job_object(anew)["media"]
    assert media[0]["replaces"] == "mediakit/transcript@1"
