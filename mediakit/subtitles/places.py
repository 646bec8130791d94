"""Where the cue of a file stands, by the marks and settings of its format."""

from __future__ import annotations

import re

from mediakit.captions.place import DEFAULT, Place
from mediakit.subtitles.track import MARKS, FileCue, Kind

# `{\an8}` as ASS has it; `{\a6}` as SSA had it, whose numbers are of another order; `{\pos(960,80)}`.
_OVERRIDE = re.compile(
    r"\\(?:an(?P<an>[1-9])|a(?P<a>1[01]|[1-9])(?![0-9])|(?:pos|move)\(\s*(?P<x>[^,()]*),\s*(?P<y>[^,()]*))"
)
_COORDINATE = re.compile(r"\b([XY][12]):\s*([0-9]+)", re.IGNORECASE)
_ROWS = ("", "middle", "top")
_COLUMNS = ("left", "", "right")
#: WebVTT's own values for what nobody set.
_VTT_DEFAULTS = {
    "line": {"auto", "-1"},
    "position": {"auto", "50%"},
    "align": {"center", "middle"},
    "vertical": {""},
    "region": {""},
}


def place_of(cue: FileCue, kind: Kind) -> Place:
    r"""The place of a cue; by the first of its marks, as players take it, and before that by coordinates.

    >>> place_of(FileCue(1, 1, 0, 1, (r"<i>{\an7}Xin</i>",)), "srt")
    Place(row='top', column='left')
    >>> place_of(FileCue(1, 1, 0, 1, ("Xin",), settings="line:10%,start align:left size:40%"), "vtt")
    Place(row='line:10%', column='align:left')
    """
    if kind == "vtt":
        return _vtt_place(cue.settings)
    return _srt_place(cue) if kind == "srt" else DEFAULT


def _srt_place(cue: FileCue) -> Place:
    for line in cue.lines:
        for mark in MARKS["srt"].finditer(line) if "{" in line else ():
            found = _OVERRIDE.search(mark[0])
            if found is not None:
                return _override(found)
    at = {name.upper(): str(int(value)) for name, value in _COORDINATE.findall(cue.settings[:200])}
    if at:
        return Place(f"{at.get('Y1', '')}–{at.get('Y2', '')}", f"{at.get('X1', '')}–{at.get('X2', '')}")
    return DEFAULT


def _override(found: re.Match[str]) -> Place:
    if found["an"]:
        row, column = divmod(int(found["an"]) - 1, 3)
        return Place(_ROWS[row], _COLUMNS[column])
    if found["a"]:
        # 1 to 3 are below, 5 to 7 above, 9 to 11 in the middle.
        row, column = divmod(int(found["a"]) - 1, 4)
        return Place(("", "top", "middle")[row], _COLUMNS[min(column, 2)])
    return Place(f"y:{found['y'].strip()}", f"x:{found['x'].strip()}")


def _vtt_place(settings: str) -> Place:
    given = {}
    for setting in settings.split():
        name, _, value = setting.partition(":")
        value = value.partition(",")[0]
        if name in _VTT_DEFAULTS and value not in _VTT_DEFAULTS[name]:
            given[name] = f"{name}:{value}"
    row, column = ("region", "vertical", "line"), ("position", "align")
    return Place(*(" ".join(given[name] for name in names if name in given) for names in (row, column)))
