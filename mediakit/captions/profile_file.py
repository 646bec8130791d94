"""Finding a profile: one of those that mediakit knows, or a TOML file of one's own.

::

    name = "toa-soan"              # by default, the file's name
    based-on = "netflix-vi"        # figures that are not given are those of this profile
    max_line_chars = 37
    max_chars_per_second = false   # any speed

    [sources]
    max_line_chars = "Sổ tay phụ đề của tòa soạn, 2026"
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mediakit.captions.profile import FIGURES, PROFILES, Profile
from mediakit.errors import UsageError, printable
from mediakit.text_decoding import read_text
from mediakit.vietnamese.invisible import with_plain_spaces

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_LARGEST_BYTES = 10_000


def find_profile(name: str) -> Profile:
    """The profile called `name`, or in the TOML file of that path.

    Raises
    ------
    UsageError
        If there is none (it lists those that are), or the file is no profile.
    """
    if name in PROFILES:
        return PROFILES[name]
    path = Path(name)
    if path.suffix.lower() != ".toml":
        known = ", ".join(sorted(PROFILES))
        raise UsageError(f"unknown profile {name!r}", remedy=f"Known: {known}; or give a TOML file.")
    return _from_file(path)


def _from_file(path: Path) -> Profile:
    text = read_text(path, UsageError, "profile", largest_bytes=_LARGEST_BYTES).text
    try:
        # What was copied from a page or a letter has spaces of its own.
        loaded = tomllib.loads(with_plain_spaces(text))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"is no TOML ({printable(f'{error!s:.200}')})", file=path) from error
    try:
        return _from_table(loaded, path.stem)
    except ValueError as error:
        what = f"is no profile: {printable(f'{error!s:.200}')}"
        raise UsageError(what, file=path, remedy=f"Figures: {', '.join(FIGURES)}.") from error


def _from_table(loaded: Mapping[str, Any], stem: str) -> Profile:
    name, base = loaded.get("name", stem), loaded.get("based-on", "netflix-vi")
    if not isinstance(name, str) or not name or name in PROFILES:
        raise ValueError(f"name is {name!r}, it needs one of its own")
    if not isinstance(base, str) or base not in PROFILES:
        raise ValueError(f"based-on is {base!r}, known are {', '.join(sorted(PROFILES))}")
    sources = loaded.get("sources", {})
    if not isinstance(sources, dict) or not all(isinstance(text, str) for text in sources.values()):
        raise ValueError("[sources] has something else than texts")
    figures = {key: value for key, value in loaded.items() if key not in ("name", "based-on", "sources")}
    unknown = sorted((figures.keys() | sources.keys()) - set(FIGURES))
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is no figure of a profile")
    known = dict.fromkeys(figures, f"{stem}.toml")
    merged = MappingProxyType({**PROFILES[base].sources, **known, **sources})
    changed = {key: _figure(key, value) for key, value in figures.items()}
    return replace(PROFILES[base], name=name, sources=merged, **changed)  # type: ignore[arg-type]


def _figure(key: str, value: object) -> float | None:
    if key == "max_chars_per_second" and value is False:
        return None
    whole = key != "max_chars_per_second"
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise ValueError(f"{key} is {value!r}, it should be a {'whole ' if whole else ''}number")
    if not 0 <= value <= 1_000_000:
        raise ValueError(f"{key} is {value!r}")
    return value
