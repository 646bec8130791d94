"""What a person edited in a review is done, for a batch too, and is replaced only where that is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediakit.errors import OutputExists
from mediakit.jobs.journal import Journal
from mediakit.jobs.run import write_results
from mediakit.outputs.bundle import FORMATS
from mediakit.outputs.files import OutputFolder
from mediakit.outputs.record import read_record
from tests.review.test_saving import saved


def test_an_edited_job_is_done_unless_it_is_to_be_done_over(newsroom: Path) -> None:
    outputs = [path for path in newsroom.iterdir() if path.is_file() and path.name.startswith(("a.vi", "bai.html"))]
    with Journal(newsroom / ".mediakit") as journal:
        journal.begin("job", "bai.txt")
        journal.finish("job", outputs, newsroom, 1.0)
        assert set(journal.outputs("job", newsroom)) == set(outputs)
        saved(newsroom / "a.vi.json")
        assert journal.outputs("job", newsroom) == ()
        assert set(journal.outputs("job", newsroom, with_edited=True)) == set(outputs)
        # What was changed by other means is no such edit.
        (newsroom / "a.vi.srt").write_text("", encoding="utf-8")
        assert journal.outputs("job", newsroom, with_edited=True) == ()


def test_the_run_says_whose_the_file_is(newsroom: Path) -> None:
    original = read_record(newsroom / "a.vi.json")
    saved(newsroom / "a.vi.json")
    (newsroom / "b.vi.json").write_text("{}", encoding="utf-8")
    (newsroom / "c.vi.json").write_text("{}", encoding="utf-8")
    for name, whose in (
        ("a.vi.json", "was edited in `mediakit review`"),
        ("b.vi.json", "was changed since mediakit wrote it"),
        ("c.vi.json", "was not written by mediakit"),
    ):
        with pytest.raises(OutputExists, match=whose) as caught:
            OutputFolder(newsroom).check(name)
        assert "--overwrite" in caught.value.remedy
    write_results((original,), newsroom, FORMATS, overwrite=2)
    assert OutputFolder(newsroom).wrote("a.vi.json")
