"""What the names that a page gives its parts say of them: evidence, never the only one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from mediakit.article.page.tree import Element

Role = Literal["comments", "related", "advertisement", "navigation", "furniture", "notice"]

_WORDS: tuple[tuple[Role, str], ...] = (
    (
        "comments",
        "comments?|cmts?|commentbox|boxcomment|binh-?luan|y-?kien(?:-ban-doc)?|disqus|feedback|repl(?:y|ies)",
    ),
    (
        "related",
        "relate[ds]?|related-?(?:news|posts?|articles?|contents?|stories|items?|links?|topics?)|related-?one-?news|lien-?quan|tin-?lien-?quan|tin-?khac|tin-?moi|tin-?cung.*|xem-?them"
        "|doc-?them|doc-?tiep|recommend(?:s|ed|ation|ations)?|suggest(?:ed|ion|ions)?|more-?news|other-?news|latest"
        "|same-?category|cung-?chuyen-?muc|doc-?nhieu|xem-?nhieu|most-?(?:read|view|viewed)|popular|trending|teasers?",
    ),
    (
        "advertisement",
        "ads?|adv|advert(?:s|ise|isement|ising|orial)?|banners?|quang-?cao|qc|sponsor(?:s|ed)?|promo(?:tion)?|adsbygoogle"
        "|taboola|outbrain|dable|mgid|amp-ad|dfp|gpt",
    ),
    (
        "navigation",
        "breadcrumbs?|menus?|navs?|navbar|navigation|sidebar|side-?bar|pagination|pager|toolbar|site-?map",
    ),
    (
        "notice",
        "cookies?|consent|gdpr|pop-?up|modal|newsletter|subscribe|subscription|log-?in|sign-?up|footer|copyright|toast",
    ),
    (
        "furniture",
        "share[ds]?|sharing|social|socials|addthis|tags?|tag-?list|tags-?list|key-?words?|tu-?khoa|rating|vote|print|like-?box"
        "|skip-?link|sharedaddy|sd-(?:sharing|like|block)|jetpack-likes",
    ),
)
_ROLES = tuple((role, re.compile(rf"(?:^|-)(?:{words})(?:-|$)")) for role, words in _WORDS)
#: Names that say what state a wrapper is in, or where it stands, not what it is.
_STATES = re.compile(r"^(?:has|have|no|not|with|without|is|hide|show|left|right|two|col|layout|page|single|js|can)-")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[^a-z0-9]+")
_CAPTION = re.compile(
    r"(?:^|[-_ ])(?:caption|figcaption|(?:image|pic|p|photo|img|photo-?cms)-?caption|image-?desc|img-?desc"
    r"|wp-caption-text|chu-?thich(?:-anh)?)(?:$|[-_ ])",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:^|[-_ ])(?:credit|photo-?(?:credit|author)|photographer|image-?author|nguon-?anh)(?:$|[-_ ])", re.I
)
_BYLINE = re.compile(r"(?:^|-)(?:authors?|by-?line|tac-?gia|writer|reporter|journalist|but-?danh|ky-ten)(?:-|$)")
_DATELINE = re.compile(r"(?:^|-)(?:location-?stamp|date-?line-?place|dateline|place-?stamp)(?:-|$)")
_PARTICULARS = re.compile(
    r"(?:^|-)(?:(?:article|post|entry|news|item|blog|content|page|bai-?viet|tin)-?(?:info|meta|metas|particulars|infos)"
    r"|meta|byline-?info|submitted|thong-?tin(?:-bai-?viet)?)(?:-|$)"
)
_PLAYER = re.compile(
    r"(?:^|-)(?:(?:audio|video|media|tts|sound|podcast|voice)-?players?|jw-?player|plyr|mejs|vjs|tts|text-?to-?speech"
    r"|read-?aloud|nghe-?(?:doc|bai|audio)|player-?(?:controls?|speed|time|bar|wrap(?:per)?|audio|video)|playback"
    r"|(?:audio|video|media)-?(?:controls?|bar|speed|voice))(?:-|$)"
)
_HEADLINE = re.compile(r"(?:^|-)(?:head-?line|title|tieu-?de|entry-title|post-title)(?:-|$)")
_BODY = re.compile(
    r"(?:^|-)(?:article|content|body|detail|entry|post|story|noi-?dung|fck|bai-?viet|chi-?tiet|singular)(?:-|$)"
)


def role_of(element: Element) -> Role | None:
    """What an element is by its own names, if not running text; None where they say nothing of the kind."""
    names = _names(element)
    return _role_named(names) if names else None


@lru_cache(maxsize=10_000)
def _role_named(names: tuple[str, ...]) -> Role | None:
    telling = [name for name in names if not _STATES.match(name)]
    found = (role for name in telling for role, pattern in _ROLES if pattern.search(name))
    return next(found, None)


def is_called_body(element: Element) -> bool:
    """Whether an element is marked or named as what holds the article."""
    if element.tag in ("article", "main") or element.named("itemprop").lower() == "articlebody":
        return True
    return element.named("role") == "main" or _any_is(_BODY, _names(element))


def is_called_caption(element: Element) -> bool:
    """Whether an element is marked or named as the caption of a photo."""
    if element.tag == "figcaption":
        return True
    classes = element.named("class")
    if not classes:
        return False
    names = (name for name in classes.split() if not _STATES.match(name.lower()))
    return any(_CAPTION.search(_CAMEL.sub("-", name)) or _CAPTION.search(name) for name in names)


def is_called_credit(element: Element) -> bool:
    """Whether an element is named as who took a photo."""
    return _CREDIT.search(element.named("class")) is not None


def is_called_byline(element: Element) -> bool:
    """Whether an element is marked or named as the author's name."""
    if not element.attributes:
        return False
    return is_marked_author(element) or _any_is(_BYLINE, _names(element))


def is_marked_author(element: Element) -> bool:
    """Whether an element is marked, not only named, as the author's name."""
    return element.named("rel").lower() == "author" or element.named("itemprop").lower() == "author"


def is_called_dateline(element: Element) -> bool:
    """Whether an element is named as the place that a report comes from, set before its first sentence."""
    return _any_is(_DATELINE, _names(element))


def is_called_particulars(element: Element) -> bool:
    """Whether an element is named as what says when an article was posted, by whom, and the like."""
    return _any_is(_PARTICULARS, _names(element))


def is_called_player(element: Element) -> bool:
    """Whether an element is named as what plays sound or film, with its buttons."""
    return _any_is(_PLAYER, _names(element))


def is_called_headline(element: Element) -> bool:
    """Whether an element is marked or named as the headline."""
    return element.named("itemprop").lower() in ("headline", "name") or any(
        _HEADLINE.search(n) for n in _names(element)
    )


def _names(element: Element) -> tuple[str, ...]:
    """The words of an element's class, id and role, each in lower case with `-` between its parts."""
    said = element.attributes
    if not said:
        return ()
    return _split(said.get("class", ""), said.get("id", ""), said.get("role", ""))


@lru_cache(maxsize=10_000)
def _split(classes: str, identity: str, role: str) -> tuple[str, ...]:
    written = (*classes.split()[:20], identity, role)
    return tuple(_BETWEEN.sub("-", _CAMEL.sub("-", name[:200]).lower()) for name in written if name)


@lru_cache(maxsize=10_000)
def _any_is(pattern: re.Pattern[str], names: tuple[str, ...]) -> bool:
    return any(pattern.search(name) for name in names)
