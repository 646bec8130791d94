"""Pages from the templates shipped in `reader/`: one HTML file each, that needs no network.

What a page shows is data: Jinja2 escapes it, a name that the template misspells is an error, and the page's
Content-Security-Policy allows only the script and style shipped with the package.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mediakit.outputs.seal import sealed

#: What may not stand in a script element: `<` would begin its end or a comment, and the two separators end a line of
#: script in older browsers (https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements).
_NOT_IN_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}

_BLOCK_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*$", re.DOTALL | re.MULTILINE)


def fill_template(name: str, *, scripts: Sequence[str] = (), styles: Sequence[str] = (), **fields: object) -> str:
    """The page of the template `reader/NAME.html.j2` with `fields`, one script and one style in it, and their hashes;
    sealed (`seal.py`).

    Parameters
    ----------
    name
        The template's name. It has `script`, `style`, `script_hash` and `style_hash` besides `fields`.
    scripts, styles
        Files below `mediakit/outputs`, joined in that order; by default `reader/NAME.js` and `reader/NAME.css`.
    """
    script = _joined(tuple(scripts) or (f"reader/{name}.js",))
    style = _joined(tuple(styles) or (f"reader/{name}.css",))
    page = render_template(
        f"{name}.html.j2",
        script=Markup(script),
        style=Markup(style),
        script_hash=_csp_hash(script),
        style_hash=_csp_hash(style),
        **fields,
    )
    return sealed(page)


def render_template(file: str, **fields: object) -> str:
    """The template `reader/FILE` with `fields`, of which every text is escaped as HTML and XML have it."""
    return _environment().get_template(file).render(fields)


def script_json(value: object) -> Markup:
    """JSON for a script element: nothing in it ends the element, opens a comment or is half a character.

    >>> script_json(["</script>", "Hòa & Bình"])
    Markup('["\\\\u003c/script\\\\u003e","Hòa \\\\u0026 Bình"]')
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_NOT_IN_SCRIPT)
    # A name that is not UTF-8 reaches us with surrogates for its bytes, which no file can hold.
    return Markup(text.encode("utf-8", errors="replace").decode("utf-8"))


def _csp_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


@cache
def _joined(names: tuple[str, ...]) -> str:
    return "\n".join(_without_comments(_shipped(name)) for name in names)


def _without_comments(text: str) -> str:
    """A script or style without indentation and without comments that have lines of their own.

    They are for who reads the package; a page would have a third more to load. No literal of ours spans lines in which
    that would matter.

    >>> _without_comments("/* a\\n * b */\\nf();\\n  // c\\n  g(); // d\\n")
    'f();\\ng(); // d'
    """
    lines = (line.strip() for line in _BLOCK_COMMENT.sub("", text).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _shipped(name: str) -> str:
    return files("mediakit.outputs").joinpath(*name.split("/")).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("mediakit.outputs", "reader"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
