"""Pages from the templates shipped in `reader/`: one HTML file each, that needs no network.

What a page shows is data: Jinja2 escapes it, a name that the template misspells is an error, and the page's
Content-Security-Policy allows only the script and style shipped with the template.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def fill_template(name: str, **fields: object) -> str:
    """The template `NAME.html.j2` with `fields`, `NAME.js` and `NAME.css` in it, and their hashes for its policy."""
    script, style = _shipped(f"{name}.js"), _shipped(f"{name}.css")
    template = _environment().get_template(f"{name}.html.j2")
    return template.render(
        fields,
        script=Markup(script),
        style=Markup(style),
        script_hash=_csp_hash(script),
        style_hash=_csp_hash(style),
    )


def _csp_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


@cache
def _shipped(name: str) -> str:
    return (files("mediakit.outputs") / "reader" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


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
