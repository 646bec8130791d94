"""The media that an element of a page names: players, links, objects, and attributes of any kind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice, takewhile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from mediakit.article.attachments import AUDIO_SUFFIXES, VIDEO_SUFFIXES, base_name, media_kind
from mediakit.article.document import Attachment, MediaKind
from mediakit.article.page.tree import Element
from mediakit.vietnamese.normal import nfc

PLAYERS: dict[str, MediaKind] = {"audio": "audio", "video": "video", "amp-audio": "audio", "amp-video": "video"}
_SUFFIXES = "|".join(sorted((suffix[1:] for suffix in AUDIO_SUFFIXES | VIDEO_SUFFIXES), key=len, reverse=True))
#: A media file's name inside a script or configuration: between quotes, `=` or the like.
_INSIDE = re.compile(
    rf"[^\s\"'<>|,;=(){{}}\[\]\\&]{{1,500}}\.(?:{_SUFFIXES})(?:\?[^\s\"'<>|,;(){{}}\[\]\\]{{0,500}})?(?=$|[\s\"'|,;)}}\]\\&#])",
    re.IGNORECASE,
)
#: Attributes that say how a thing is called, or what it is shared as, and name no file to play.
_LABELS = re.compile(
    r"^(?:aria-.*|title|alt|name|id|class|style|type|placeholder|label|poster|srcset|(?:data-)?(?:title|name|caption|label"
    r"|text|desc(?:ription)?|alt|share.*|poster|thumb.*|image|img|type|id|ad.*|download-name))$"
)
#: What `flashvars` and the like hold: `file=a.mp3&autostart=true`.
_PAIRS = re.compile(r"[A-Za-z_]\w*=")
#: Scripts that are code or data; templates are neither, and JSON-LD is read with the page's metadata.
_SCRIPTS = re.compile(r"|module|(?:text|application)/(?:x-)?(?:java|ecma)script|application/json|text/json")
_COMMENT_LINE = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
#: In code, a string or a list of strings with a name: `file: "a.mp4"`, `url = 'a.mp3'`, `add("file", "a.flv")`.
_STRING = re.compile(r"(?P<quote>[\"'`])(?P<text>[^\"'`<>\n\\]{1,2000})\\?(?P=quote)")
_ASSIGNED = re.compile(
    r"(?:(?<![\w$])(?P<key>[A-Za-z_$][\w$-]{0,60})(?:\\?[\"'])?\s{0,20}[:=]"
    r"|[\"'](?P<argument>[A-Za-z_][\w-]{0,60})[\"']\s{0,20},|\bnew\s{1,20}Audio\s{0,20}\()\s{0,20}"
    r"(?P<value>\[[^\[\]{}]{1,5000}\]|\\?[\"'`][^\"'`<>\n\\]{1,2000}\\?[\"'`])"
)
#: Names of advertisements that play before a film, and of the servers that they come from.
_ADVERTISED = re.compile(
    r"(?<![a-z0-9])(?:ads?|adv|adverts?|advertis\w{0,10}|adserver|doubleclick|vast|vpaid|vmap|(?:pre|mid|post)-?roll"
    r"|quang-?cao|qc)(?![a-z])|^(?:vast|ad(?:tag|url|server))"
)
_ADVERTISING = re.compile(
    r"(?<![\w$])(?:ads?|advertising|vast|(?:pre|mid|post)-?roll)[\"']?\s{0,20}[:=]\s{0,20}[\[{]{1,2}[^\]}]{0,2000}[\]}]",
    re.IGNORECASE,
)
_LONGEST = 20_000
_LONGEST_NAME = 2_000
_DEEPEST = 20
_MOST_NESTED = 3
_MOST_IN_PLAYER = 50


def media_of(element: Element) -> Iterator[Attachment]:
    """The media that an element names by its attributes, or a script in its code, in the order that they are written.

    Of one film in several forms a browser plays the first that it can, and only the first is yielded: names in one
    element, or in the sources of one player, that differ in the suffix alone.
    """
    found = list(_scripted(element) if element.tag == "script" else _in_attributes(element))
    before = {_stem(name) for name in _played_before(element)} if found else set()
    seen = {(attachment.kind, stem) for attachment in found for stem in before}
    for attachment in found:
        form = (attachment.kind, _stem(attachment.name))
        if _suffix_kind(attachment.name) is None or form not in seen:
            yield attachment
        seen.add(form)


def _in_attributes(element: Element) -> Iterator[Attachment]:
    tag, said = element.tag, element.attributes
    if not said:
        return
    if tag in PLAYERS or (tag == "source" and _player(element) is not None):
        yield from _played(element)
    elif tag == "a":
        href = said.get("href", "")
        yield from _inside(href, None) if href.lower().startswith("javascript:") else _named(href, None)
        yield from _in_data(said)
    elif tag == "param":
        if said.get("name", "").lower() not in ("title", "name", "poster", "image"):
            yield from _anywhere(said.get("value", ""), None)
    elif tag in ("object", "embed", "iframe", "amp-iframe", "frame"):
        kind = _kind_of_type(said.get("type", ""))
        for name, value in said.items():
            if not _LABELS.match(name):
                yield from _anywhere(value, kind)
    elif tag not in ("img", "meta", "link", "body", "html", "form", "track"):
        yield from _in_data(said)


def _played(element: Element) -> Iterator[Attachment]:
    """What a player or one of its sources plays; without a known suffix only what the player itself names."""
    player = element if element.tag in PLAYERS else _player(element)
    kind = PLAYERS[player.tag] if player is not None else None
    plain = _name(element.named("src"))
    if kind is not None and plain and (_suffix_kind(plain) is not None or not _names_better(player)):
        yield Attachment(kind, plain)
    for name, value in element.attributes.items():
        if name not in ("src", "href") and not _LABELS.match(name):
            yield from _anywhere(value, kind)


def _names_better(player: Element | None) -> bool:
    """Whether a player names a file by its suffix somewhere, so that a playlist or stream beside it is passed over."""
    if player is None:
        return False
    values = (value for element in _first_of(player) for value in element.attributes.values())
    return any(_suffix_kind(_name(value)) is not None for value in values)


def _played_before(element: Element) -> Iterator[str]:
    """The files that the player around a source names before it."""
    player = _player(element) if element.tag == "source" else None
    if player is not None:
        before = takewhile(lambda other: other is not element, _first_of(player))
        names = (_name(other.named("src")) for other in before)
        yield from (name for name in names if _suffix_kind(name) is not None)


def _stem(name: str) -> str:
    return base_name(name).rpartition(".")[0].casefold()


def _first_of(player: Element) -> Iterator[Element]:
    """A player and what is in it; of one that was made to be hard, the beginning."""
    return islice(player.elements(), _MOST_IN_PLAYER)


def _player(element: Element) -> Element | None:
    return next((around for around in element.up() if around.tag in PLAYERS), None)


def _in_data(said: dict[str, str]) -> Iterator[Attachment]:
    for name, value in said.items():
        if name != "href" and not _LABELS.match(name):
            yield from _anywhere(value, _kind_called(name))


def _scripted(script: Element) -> Iterator[Attachment]:
    """The media that a script gives a player: JSON, or values that its code names (`file: "a.mp4"`)."""
    said, text = script.named("type").lower(), script.text()
    if not _SCRIPTS.fullmatch(said) or len(text) > _LONGEST:
        return
    found = _anywhere(text, None) if said.endswith("json") else _assigned(text)
    yield from (attachment for attachment in found if not _ADVERTISED.search(attachment.name.lower()))


def _assigned(code: str) -> Iterator[Attachment]:
    """The media among the strings that code gives a name: a property, a variable, an argument after its name."""
    for found in _ASSIGNED.finditer(_ADVERTISING.sub("", _uncommented(code).replace("\\/", "/"))):
        name = (found["key"] or found["argument"] or "").lower()
        if not _LABELS.match(name) and not _ADVERTISED.search(name):
            for string in _STRING.finditer(found["value"]):
                yield from _anywhere(string["text"], _kind_called(name))


def _uncommented(code: str) -> str:
    """Code without what is in comments of its own line or of several."""
    first, *others = code.split("/*")
    parts = (f"/*{other}" if "*/" not in other else other.partition("*/")[2] for other in others)
    return _COMMENT_LINE.sub("", first + "".join(parts))


def _kind_called(name: str) -> MediaKind | None:
    return "audio" if "audio" in name else "video" if "video" in name else None


def _anywhere(value: str, kind: MediaKind | None) -> Iterator[Attachment]:
    """The media in an attribute: its whole value, a part of a query, or strings in JSON or a script."""
    if not value or len(value) > _LONGEST or "." not in value:
        return
    whole = [] if _PAIRS.match(value) else list(_named(value, kind))
    if whole:
        yield from whole
        return
    inside = [text for text in _strings(value) if text != value]
    if not inside:
        yield from _inside(value, kind)
    for text in inside:
        yield from _nested(text, kind, _MOST_NESTED)


def _nested(text: str, kind: MediaKind | None, levels: int) -> Iterator[Attachment]:
    """The media that one string inside an attribute is, or holds as JSON, a query or a configuration of its own."""
    whole = list(_named(text, kind))
    if whole or not levels:
        yield from whole
        return
    inside = [part for part in _strings(text) if part != text]
    for part in inside:
        yield from _nested(part, kind, levels - 1)
    if not inside and text.lstrip()[:1] in ("{", "["):
        yield from _inside(text, kind)


def _inside(text: str, kind: MediaKind | None) -> Iterator[Attachment]:
    """Media named somewhere in a script or configuration."""
    for found in _INSIDE.finditer(text):
        yield from _named(unquote(found[0]) if "%3a" in found[0].lower() else found[0], kind)


def _strings(value: str) -> Iterator[str]:
    """Strings of JSON, and values of a query or of `flashvars`."""
    text = value.strip()
    if text[:1] in "{[":
        try:
            yield from _leaves(json.loads(text))
        except (ValueError, RecursionError):
            return
        return
    query = text if _PAIRS.match(text) else _query(text)
    yield from (part for name, part in parse_qsl(query) if not _LABELS.match(name.lower()))


def _leaves(value: Any) -> Iterator[str]:
    """The strings in JSON that are no label, in order."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if isinstance(item, str):
            yield item
        elif depth < _DEEPEST and isinstance(item, dict):
            stack += [(v, depth + 1) for k, v in reversed(list(item.items())) if not _LABELS.match(k.lower())]
        elif depth < _DEEPEST and isinstance(item, list):
            stack += [(v, depth + 1) for v in reversed(item)]


def _query(text: str) -> str:
    """The query of a URL; empty where the text is none or has none."""
    try:
        return urlsplit(text).query
    except ValueError:
        return ""


def _named(value: str, kind: MediaKind | None) -> Iterator[Attachment]:
    name = _name(value)
    by_suffix = _suffix_kind(name)
    if by_suffix is not None:
        yield Attachment(kind or by_suffix, name)


def _name(value: str) -> str:
    """A name as an attachment has it; empty for what is no file."""
    if len(value) > _LONGEST or any(mark in value for mark in '{}<>"\n'):
        return ""
    name = nfc(" ".join(value.split()))
    if len(name) > _LONGEST_NAME or name.lower().startswith(("blob:", "data:", "javascript:", "mailto:", "tel:")):
        return ""
    return name


def _suffix_kind(name: str) -> MediaKind | None:
    """Audio or video by the suffix of the file that a URL or path leads to; a host's name is no file."""
    if not name or len(name) > _LONGEST_NAME:
        return None
    try:
        split = urlsplit(name)
    except ValueError:
        return None
    path = split.path if split.netloc else name.partition("?")[0].partition("#")[0]
    last = path.replace("\\", "/").rsplit("/", 1)[-1]
    return None if last.startswith(".") else media_kind(Path(last))


def _kind_of_type(mime: str) -> MediaKind | None:
    return "audio" if mime.startswith("audio/") else "video" if mime.startswith("video/") else None


def described_media(data: Any) -> Iterator[Attachment]:
    """Media that a page's JSON-LD describes: `contentUrl` of an AudioObject or VideoObject."""
    stack: list[tuple[Any, int]] = [(data, 0)]
    while stack:
        item, depth = stack.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(item, list):
            stack += [(v, depth + 1) for v in reversed(item)]
        elif isinstance(item, dict):
            kinds = json.dumps(item.get("@type", ""))
            if "AudioObject" in kinds or "VideoObject" in kinds:
                url = item.get("contentUrl")
                if isinstance(url, str):
                    yield from _named(url, "audio" if "AudioObject" in kinds else "video")
            stack += [(v, depth + 1) for v in reversed(list(item.values()))]


def shared_media(name: str, content: str) -> Iterator[Attachment]:
    """Media that a page shares itself with: `og:audio`, `og:video` and their kin."""
    yield from _named(content, "audio" if "audio" in name else "video")
