"""HTML: the few shapes a page is made of; every text is escaped here and nowhere else."""

from __future__ import annotations

import base64
import json
from html import escape
from typing import NamedTuple


class Markup(NamedTuple):
    """Text that is HTML already; anything else is escaped."""

    html: str


def text(value) -> str:
    """HTML of a value: markup as it is, everything else escaped."""
    return value.html if isinstance(value, Markup) else escape(str(value), quote=True)


def element(tag: str, *children, **attributes) -> Markup:
    """<tag attributes>children</tag>; `class_` is class, `aria_label` is aria-label."""
    named = {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items() if v is not None}
    shown = "".join(f' {k}="{text(v)}"' for k, v in named.items())
    if tag in ("img", "input", "br", "hr"):
        return Markup(f"<{tag}{shown}>")
    return Markup(f"<{tag}{shown}>{''.join(map(text, children))}</{tag}>")


def joined(parts) -> Markup:
    """Several pieces as one."""
    return Markup("".join(map(text, parts)))


def table(columns, rows, caption: str) -> Markup:
    """A table with a caption and header cells, in a box that scrolls by itself on a narrow screen."""
    head = element("tr", *(element("th", c, scope="col") for c in columns))
    body = [
        element("tr", element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:]))
        for row in rows
    ]
    made = element("table", element("caption", caption), element("thead", head), element("tbody", *body))
    return element("div", made, class_="wide", tabindex="0", role="group", aria_label=f"Table: {caption}")


def picture(data: bytes, alt: str, **attributes) -> Markup:
    """A PNG inside the page."""
    source = Markup("data:image/png;base64," + base64.b64encode(data).decode())
    return element("img", src=source, alt=alt, **attributes)


def data(identifier: str, content) -> Markup:
    """Plain data for the scripts of the page; no text in it can end the element."""
    held = json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for sign in "<>&":
        held = held.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(f'<script type="application/json" id="{escape(identifier, quote=True)}">{held}</script>')
