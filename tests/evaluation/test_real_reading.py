"""A reading by people, with real weights: the script measures it, and an independent count has the same figures."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from statistics import median

import pytest

from mediakit.captions.profile import PROFILES
from mediakit.evaluation.evaluate import evaluate
from mediakit.evaluation.reference import load_reference
from mediakit.outputs.record import read_record
from scripts.measure_readings import main
from tests.cli.stage import mediakit
from tests.whole.test_readings import Measured

NAME = "phat-bieu"


@pytest.mark.slow
def test_the_figures_of_a_reading(readings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in readings.glob(f"{NAME}.*"):
        shutil.copy(file, tmp_path)
    kept = tmp_path / "kept"
    assert main([str(tmp_path), "--keep", str(kept)]) == 0
    head, _, row, total, *_ = capsys.readouterr().out.splitlines()
    assert (head.count("|"), row.split("|")[1].strip(), total.count("|")) == (12, NAME, 12)

    truth = tmp_path / f"{NAME}.truth.json"
    ran = mediakit("evaluate", kept / f"{NAME}.vi.json", "--reference", truth, "--json")
    told = json.loads(ran.out)
    assert json.loads((kept / f"{NAME}.evaluation.json").read_text(encoding="utf-8")).items() <= told.items()

    result = read_record(kept / f"{NAME}.vi.json")
    other = Measured(result, json.loads(truth.read_text(encoding="utf-8")))
    assert told["read_sentences"]["found"] == other.found() > 0
    assert told["pasted"]["segments"] == len(other.pasted())
    article = told["word_errors"]["article"]
    errors, words = other.errors()
    assert article["words"] == words
    # A word heard between two sentences is counted with either.
    assert abs(article["printed"]["errors"] - errors) <= 1
    assert article["heard"]["errors"] > article["printed"]["errors"]
    # Of a sentence that is printed in two segments, or with a word that is wrong, the edges do not count.
    edges = evaluate(result, load_reference(truth), PROFILES["netflix-vi"]).edges
    assert edges is not None
    assert Counter(edges.distances.ms) <= Counter(other.edges())
    assert 2 * len(edges.distances.ms) >= len(other.edges()) > 0
    assert told["edges"]["median_ms"] - median(edges.distances.ms) in (0, 0.5, -0.5)
