"""An evaluation as one object for programs; fields are only ever added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from mediakit.evaluation.evaluate import Evaluation
from mediakit.evaluation.names import SaidName
from mediakit.evaluation.placing import Placed
from mediakit.evaluation.reference import Spoken
from mediakit.evaluation.timing import Distances
from mediakit.evaluation.word_errors import Errors

Json = Mapping[str, object]


def to_object(evaluation: Evaluation) -> Json:
    """All figures; shares and rates from 0 to 1, four digits; None where the reference does not allow one."""
    article = evaluation.result.article
    return {
        "reference_kind": evaluation.reference_kind,
        "article": {
            "verdict": article.verdict,
            "coverage": article.coverage,
            "segments": sum(s.source == "article" for s in evaluation.result.segments),
        } if article is not None else None,
        "read_sentences": _read(evaluation),
        "pasted": _pasted(evaluation),
        "word_errors": {
            group: {"words": one.printed.words, "printed": _errors(one.printed), "heard": _errors(one.heard)}
            for group, one in evaluation.errors.items()
        },
        "names": {group: _names(names) for group, names in evaluation.names.items()} if evaluation.names else None,
        "edges": {"of": evaluation.edges.of, **_distances(evaluation.edges.distances)} if evaluation.edges else None,
        "word_times": {
            group: {"starts": _distances(times.starts), "ends": _distances(times.ends)}
            for group, times in evaluation.word_times.items()
        } if evaluation.word_times else None,
        "words": asdict(evaluation.words),
        "captions": asdict(evaluation.captions),
    }  # fmt: skip


def _read(evaluation: Evaluation) -> Json | None:
    read = evaluation.read
    if read is None:
        return None
    return {
        "spoken": read.spoken,
        "found": read.found,
        "whole": read.whole,
        "share": _share(read.found, read.spoken),
        "missed": [_spoken(item) for item in read.missed],
    }


def _pasted(evaluation: Evaluation) -> Json | None:
    if evaluation.placed is None:
        return None
    return {
        "segments": sum(item.pasted for item in evaluation.pasted),
        "unsaid_words": sum(len(item.unsaid) for item in evaluation.pasted),
        "places": [_place(item) for item in evaluation.pasted],
    }


def _place(item: Placed) -> Json:
    segment = item.segment
    return {
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "sentence": segment.sentence,
        "text": segment.text,
        "unsaid": list(item.unsaid),
        "whole_segment": item.pasted,
    }


def _spoken(item: Spoken) -> Json:
    span = item.span
    return {"start_ms": span.start_ms if span else None, "end_ms": span.end_ms if span else None, "text": item.text}


def _errors(errors: Errors) -> Json:
    return {
        "errors": errors.count,
        "rate": _rounded(errors.rate),
        "substitutions": errors.substitutions,
        "deletions": errors.deletions,
        "insertions": errors.insertions,
    }


def _names(names: Sequence[SaidName]) -> Json:
    found = sum(name.found for name in names)
    return {
        "said": len(names),
        "found": found,
        "share": _share(found, len(names)),
        "missed": [{"text": name.text, "start_ms": name.start_ms} for name in names if not name.found],
    }


def _distances(distances: Distances) -> Json:
    return {
        "count": len(distances.ms),
        "median_ms": distances.median_ms,
        "within_200_ms": _rounded(distances.near),
        "worst_tenth_ms": distances.worst_tenth_ms,
    }


def _share(part: int, whole: int) -> float | None:
    return _rounded(part / whole) if whole else None


def _rounded(value: float | None) -> float | None:
    return round(value, 4) if value is not None else None
