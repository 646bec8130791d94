"""Forty texts that would do harm where they are not taken as text: in a title, a body, a cue, a file name."""

from __future__ import annotations

_RUN = "window.hacked=1"

HOSTILE = (
    # Elements, and the ends of elements that a page has.
    f"</script><script>{_RUN}</script>",
    f"<script>{_RUN}</script>",
    f"<img src=x onerror={_RUN}>",
    f"<svg onload={_RUN}>",
    f"</title><script>{_RUN}</script>",
    f"</style><script>{_RUN}</script>",
    "</style><style>*{display:none}",
    f"</textarea></noscript></template><script>{_RUN}</script>",
    f"<iframe srcdoc='<script>parent.{_RUN}</script>'></iframe>",
    f"<details open ontoggle={_RUN}>",
    f"<math><mtext></mtext><script>{_RUN}</script></math>",
    f"<a href=javascript:{_RUN}>x</a>",
    "<meta http-equiv=refresh content=0;url=https://example.org/>",
    "<base href=https://example.org/>",
    "<plaintext>",
    "</body></html>",
    # Comments and sections.
    "--><!--<script>",
    "<!--",
    "]]>",
    "<![CDATA[<script>",
    "<!doctype html>",
    # Attributes.
    f"\"' onload={_RUN} x='",
    f'" autofocus onfocus="{_RUN}',
    f"' onmouseover='{_RUN}",
    f"x onclick={_RUN} //",
    # Escapes that must stay what they are.
    "&lt;script&gt; &amp;amp; &#60; &quot;",
    r"\u003cscript\u003e \x3c \"}]};",
    f'"}}]}};{_RUN};//',
    f"${{{_RUN}}} `{_RUN}`",
    "{{ 7 * 7 }}{% raw %}{# #}",
    # Addresses.
    f"javascript:{_RUN}",
    f"data:text/html,<script>{_RUN}</script>",
    "//example.org/b.mp3",
    "a?b#c%2e%2e%2f..\\..\\x",
    # Characters.
    "a\u2028b\u2029c",
    "\u202egpj.exe\u2066 \u200f đảo chiều \u202d",
    "WEBVTT 00:00.000 --> 00:01.000 position:0% <v x>&nbsp;",
    "Z̸̢̛͇̝̃́͝a̷̡͕͝l̵̨͘g̷̛͜o̴̧̚ \u0301\u0301\u0301\u0301\u0301\u0301",
    "\ufeff\u200b\u2060\u00ad👩‍👩‍👧‍👦\U0001f3f4",
    # A word of ten thousand characters, with no place to break it.
    "đ" * 10_000,
)
