"""The report of a batch as a page: what stands first, what the table says, and what hostile names cannot do to it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from mediakit.outputs.batch_report import render_report
from tests.outputs.test_page import HOSTILE, first

TURNED = "bài \u202e3pm.exe\u2066.mp3"
NOT_MEDIA = {
    "code": "media-not-media",
    "stage": "media",
    "file": "tin/b.mp3",
    "message": "tin/b.mp3: is not audio or video. Copy or download it again.",
    "what": "is not audio or video",
    "remedy": "Copy or download it again.",
}


def medium(path: str = "a.mp3", **other: object) -> dict[str, Any]:
    """A medium that is read."""
    return {
        "path": path,
        "duration_ms": 61_000,
        "verdict": "read",
        "coverage": 0.93,
        "captions": 20,
        "doubtful_ms": 1_000,
        "speech_ms": 50_000,
        "unread": 2,
        "warnings": [],
        **other,
    }


def unreadable(path: str = "b.mp3") -> dict[str, Any]:
    """A medium that could not be read, with the error that is left behind as a warning."""
    heard = {"duration_ms": None, "captions": 0, "doubtful_ms": 0, "speech_ms": 0}
    warning = {"code": NOT_MEDIA["code"], "message": NOT_MEDIA["message"]}
    return {**medium(path, verdict=None, coverage=None, unread=9, warnings=[warning]), **heard}


def warned(code: str, message: str, **other: Any) -> dict[str, Any]:
    return medium(warnings=[{"code": code, "message": message}], **other)


def job(number: int = 0, *media: dict[str, Any], **other: object) -> dict[str, Any]:
    """A job that is done."""
    return {
        "source": f"tin/bai-{number}.txt",
        "title": f"Đường sắt số {number}",
        "status": "done",
        "attempts": 1,
        "seconds": 12.3,
        "page": f"tin/bai-{number}.html",
        "files": [f"tin/a-{number}.vi.srt"],
        "media": list(media or [medium()]),
        "errors": [],
        **other,
    }


def report(*jobs: dict[str, Any], **other: object) -> dict[str, object]:
    """The report with its totals."""
    media = [one for item in jobs for one in item["media"]]
    counts = {s: sum(item["status"] == s for item in jobs) for s in ("done", "skipped", "failed", "set-aside")}
    verdicts = {v: sum(one["verdict"] == v for one in media) for v in ("unrelated", "partly-read")}
    media_ms = sum(one["duration_ms"] or 0 for one in media)
    return {
        "schema": "mediakit/batch@1",
        "mediakit": "0.1.0",
        "folder": "archive",
        "began": "2026-11-25T04:00:00+00:00",
        "seconds": 812.4,
        "totals": {"jobs": len(jobs), **counts, "media": len(media), "media_ms": media_ms, **verdicts},
        "jobs": list(jobs),
        "skipped_files": [],
        **other,
    }


def page(*jobs: dict[str, Any], **other: object) -> LexborHTMLParser:
    """The page as a browser's parser reads it."""
    return LexborHTMLParser(render_report(report(*jobs, **other)))


def text_of(node: LexborNode) -> str:
    return " ".join(node.text().split())


def cells(tree: LexborHTMLParser, number: int = 0) -> list[str]:
    """What a row of the table says, without the job's name."""
    return [text_of(cell) for cell in tree.css("tbody tr")[number].css("td")]


def entries(tree: LexborHTMLParser, group: str) -> list[str]:
    """What a list of jobs says; empty where there is no such list."""
    return [text_of(node) for node in tree.css(f"#{group} .entries li")]


def test_the_totals_stand_at_the_top_and_done_before_is_done() -> None:
    done, before, failed = job(1), job(2, status="skipped"), job(3, unreadable(), status="failed", errors=[NOT_MEDIA])
    tree = page(done, before, failed)
    totals = {first_text(item, "dt"): first_text(item, "dd") for item in tree.css("dl div")}
    assert totals["jobs"] == "3"
    assert totals["done, 1 of them before"] == "2"
    assert totals["failed"] == "1"
    assert totals["length of media"] == "2:02"
    assert "done" in {first_text(item, "dt") for item in page(done).css("dl div")}
    assert first(tree, "h1").text() == "Report of archive"
    assert text_of(first(tree, "main > .about")) == "Begun 2026-11-25 04:00 UTC, took 13:32, mediakit 0.1.0."
    assert first(tree, "time").attributes["datetime"] == "2026-11-25T04:00:00+00:00"


def first_text(node: LexborNode, css: str) -> str:
    (found,) = node.css(css)
    return text_of(found)


def test_what_needs_a_person_stands_before_the_table_in_order() -> None:
    tree = page(
        job(1, medium(verdict="partly-read", coverage=0.2)),
        job(2, warned("attachment-unrelated", "a.mp3: not of it", verdict="unrelated", coverage=0.0)),
        job(3, media=[], status="set-aside", errors=[{**NOT_MEDIA, "what": "was set aside"}]),
        job(4, unreadable(), status="failed", errors=[NOT_MEDIA]),
        job(5, medium(doubtful_ms=20_000)),
        job(6, warned("no-speech", "a.mp3: no speech was heard", speech_ms=0)),
        job(7, warned("captions-too-fast", "a.mp3: 1 of 20 captions")),
        skipped_files=[{"path": "x.txt", "why": "names no audio or video"}],
    )
    parts = "failed set-aside wrong no-speech little doubtful warnings jobs skipped".split()
    assert [node.attributes["id"] for node in tree.css("section")] == parts
    assert [node.attributes["href"] for node in tree.css("nav a")] == [f"#{part}" for part in parts]
    opened = [node.attributes["id"] for node in tree.css("section:has(details[open])")]
    assert opened == parts[:6], "what nobody needs to do anything about is closed"
    assert entries(tree, "skipped") == ["x.txt names no audio or video"]


def test_a_run_without_trouble_lists_the_jobs_alone() -> None:
    assert [node.attributes["id"] for node in page(job()).css("section")] == ["jobs"]


def test_a_failure_comes_with_what_to_do() -> None:
    tree = page(job(1, medium(), unreadable(), status="failed", errors=[NOT_MEDIA, {**NOT_MEDIA, "remedy": ""}]))
    assert [text_of(line) for line in tree.css("#failed p:not(.about)")] == [
        "tin/b.mp3: is not audio or video. Copy or download it again.",
        "tin/b.mp3: is not audio or video",
    ]
    assert text_of(first(tree, "#failed strong")) == "Copy or download it again."
    assert not entries(tree, "wrong"), "a file that could not be read is no wrong attachment"
    assert not entries(tree, "warnings"), "the error is not said twice"


def test_a_wrong_attachment_comes_with_the_article_that_it_fits() -> None:
    message = "a.mp3: nothing of the article “Đường sắt số 1” is said in it; it fits bai-2.txt (coverage 0.93)"
    (entry,) = entries(page(job(1, warned("attachment-unrelated", message, verdict="unrelated"))), "wrong")
    assert entry.endswith(message)


def test_the_worst_come_first() -> None:
    little = [job(n, medium(verdict="partly-read", coverage=c)) for n, c in enumerate((0.4, 0.1, 0.5, 0.3))]
    assert [re.findall(r"số (\d).*: (\d+%)", entry)[0] for entry in entries(page(*little), "little")] == [
        *(("1", "90%"), ("3", "70%"), ("0", "60%")),
    ]
    doubtful = [job(n, medium(doubtful_ms=ms)) for n, ms in enumerate((9_999, 10_000, 50_000))]
    assert [re.findall(r"số (\d).*: (\d+%)", entry)[0] for entry in entries(page(*doubtful), "doubtful")] == [
        *(("2", "100%"), ("1", "20%")),
    ]


def test_a_row_says_how_a_job_went() -> None:
    tree = page(job(1), job(2, status="skipped"), job(3, unreadable(), status="failed", errors=[NOT_MEDIA]))
    assert [text_of(node) for node in tree.css("thead th[scope=col]")] == [
        *("Job", "Status", "Verdict", "Of the article", "Doubtful", "Not said", "Captions", "Length"),
    ]
    assert cells(tree, 0) == ["done", "read", "93%", "2%", "2", "20", "1:01"]
    assert cells(tree, 1) == ["done before", *cells(tree, 0)[1:]]
    assert cells(tree, 2) == ["failed", "", "", "", "", "", ""]
    assert [dict(row.attributes) for row in tree.css("tbody tr")] == [
        {"data-s": "done", "data-v": "read"},
        {"data-s": "done", "data-v": "read"},
        {"data-s": "failed", "data-v": "none"},
    ]


def test_the_media_of_a_job_are_taken_together() -> None:
    speech = medium("b.mp4", verdict="partly-read", coverage=0.6, unread=7, doubtful_ms=9_000, duration_ms=3_600_000)
    other = medium("c.mp3", verdict="unrelated", coverage=0.0, unread=0, speech_ms=0, doubtful_ms=0)
    tree = page(job(1, medium(), speech, unreadable(), other))
    assert cells(tree) == ["done", "read, partly read, unrelated", "0%", "10%", "2", "60", "1:02:02"]
    assert first(tree, "tbody tr").attributes["data-v"] == "read partly-read unrelated"
    assert text_of(first(tree, "tbody small")) == "tin/bai-1.txt · a.mp3, b.mp4, b.mp3, c.mp3"


def test_a_medium_without_an_article_goes_by_its_own_name() -> None:
    alone = job(source="tin/a.mp3", title=None, page=None, media=[medium(verdict=None, coverage=None, unread=0)])
    tree = page(alone)
    assert text_of(first(tree, "tbody th[scope=row]")) == "tin/a.mp3"
    assert not tree.css("tbody a")
    assert cells(tree) == ["done", "", "", "2%", "", "20", "1:01"]


@pytest.mark.parametrize(
    "path", ["javascript:alert(1).html", "a#b?c.html", "100% thật.html", "../bài/a.html", "\udce1"]
)
def test_a_job_leads_to_its_page(path: str) -> None:
    href = first(page(job(page=path)), "tbody a").attributes["href"] or ""
    url = urlsplit(href)
    assert href.isascii()
    assert (url.scheme, url.netloc, url.query, url.fragment) == ("", "", "", "")
    assert unquote(url.path, errors="surrogateescape") == path


def everywhere(text: str) -> LexborHTMLParser:
    """A page with `text` wherever text comes from outside."""
    error = {"code": "c", "stage": "media", "file": text, "message": text, "what": text, "remedy": text}
    names = {"source": text, "title": text, "page": text, "files": [text]}
    warnings = [{"code": code, "message": text} for code in ("attachment-unrelated", "no-speech", "other")]
    return page(
        job(1, medium(f"x{text}", verdict="partly-read", coverage=0.1, doubtful_ms=40_000, warnings=warnings), **names),
        job(2, status="failed", errors=[error], **names),
        job(3, status="set-aside", errors=[error], **{**names, "title": None, "page": None}),
        folder=text,
        skipped_files=[{"path": text, "why": text}],
    )


@pytest.mark.parametrize("text", [*HOSTILE, TURNED, "\0\x1b[2J\udce1"])
def test_hostile_text_is_text(text: str) -> None:
    hostile, plain = everywhere(text), everywhere("lành")
    assert [node.tag for node in hostile.css("*")] == [node.tag for node in plain.css("*")]
    assert [tuple(node.attributes) for node in hostile.css("*")] == [tuple(node.attributes) for node in plain.css("*")]
    shown = first(hostile, "tbody b").text()
    assert first(hostile, "title").text() == f"Report of {shown}"
    assert first(hostile, "#skipped b").text() == shown
    if text.isprintable():
        assert shown == text
    assert all(c.isprintable() or c == "\n" for c in hostile.css("main")[0].text())


def test_what_turns_the_direction_of_writing_is_shown_escaped() -> None:
    assert first(everywhere(TURNED), "tbody a").text() == r"bài \u202e3pm.exe\u2066.mp3"


def test_the_policy_allows_the_shipped_script_and_style_alone() -> None:
    tree = page(job())
    policy = first(tree, "meta[http-equiv]").attributes["content"] or ""
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert set(rules) == {"default-src", "script-src", "style-src", "base-uri", "form-action"}
    assert rules["default-src"] == "'none'"
    for css, rule in (("script", "script-src"), ("style", "style-src")):
        (element,) = tree.css(css)
        digest = base64.b64encode(hashlib.sha256(element.text().encode("utf-8")).digest()).decode("ascii")
        assert rules[rule] == f"'sha256-{digest}'"


def test_nothing_is_fetched() -> None:
    tree = everywhere("lành")
    assert not tree.css("link, iframe, img, script[src], object, embed, base, audio, video")
    assert not [a for node in tree.css("*") for a in node.attributes if a.startswith("on") or a in ("style", "src")]


def test_what_does_nothing_without_script_is_hidden_without_it() -> None:
    tree = page(job())
    assert "hidden" in first(tree, "form").attributes
    assert not tree.css("tbody [hidden]")


def luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_stands_out_by_day_and_by_night() -> None:
    style = (files("mediakit.outputs") / "reader" / "report.css").read_text(encoding="utf-8")
    schemes = [dict(re.findall(r"--(\w+): #(\w+);", rule)) for rule in re.findall(r":root \{([^}]*)\}", style)]
    assert len(schemes) == 2
    for colours in schemes:
        for ink in ("ink", "soft", "link", "bad"):
            for paper in ("paper", "band"):
                lit, dim = sorted((luminance(colours[ink]), luminance(colours[paper])), reverse=True)
                assert (lit + 0.05) / (dim + 0.05) >= 4.5, (ink, paper, "AA, https://www.w3.org/TR/WCAG22/")


def test_the_report_as_it_stands_in_its_file_gives_the_same_page() -> None:
    made = report(job(1), job(2, unreadable(), status="failed", errors=[NOT_MEDIA]))
    assert render_report(json.loads(json.dumps(made))) == render_report(made)


@pytest.mark.slow
@pytest.mark.alone
def test_ten_thousand_jobs_take_a_second_or_two() -> None:
    many = report(*(job(n) for n in range(10_000)))

    def seconds() -> float:
        begin = time.perf_counter()
        assert len(render_report(many)) < 6_000_000
        return time.perf_counter() - begin

    # The best of three, so that a busy machine does not decide.
    assert min(seconds() for _ in range(3)) < 2.0
