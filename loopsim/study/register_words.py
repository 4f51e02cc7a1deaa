"""A register entry as text for a terminal and as a page for a browser."""

from __future__ import annotations

import textwrap
from html import escape

from loopsim.study.register import MARKS

NOTHING = "None that this project could read."
LIMIT = "What loopsim shows of a system holds in a simulated city where all offend alike; it measures no police force."
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem;color:#1b1b1b;background:#fff}
h1,h2,h3{line-height:1.25}h2{margin-top:3rem;border-top:2px solid #1b1b1b;padding-top:.5rem}h3{margin-bottom:.2rem}
pre{white-space:pre-wrap;background:#f2f2f2;padding:.6rem;margin:.4rem 0;font-size:.9rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;border-bottom:1px solid #bbb;padding:.3rem .5rem .3rem 0}
a{color:#0b4f8a}
"""


def sections(found: dict) -> list[tuple[str, list[str], str]]:
    """(heading, paragraphs, kind) of an entry; kind is words, list, formulas or data."""
    return [
        ("Used by", found["used_by"], "list"),
        ("Purpose", [found["purpose"]], "words"),
        ("How it works", [found["operated"]["words"]], "words"),
        ("In formulas", found["operated"]["formulas"], "formulas"),
        ("Data", found["data"], "data"),
        ("Decides", [found["decisions"]], "words"),
        ("Public", found["public"], "list"),
        ("Not public", found["not_public"] or ["Nothing is kept back."], "list"),
        ("Published evaluations", [said(e) for e in found["evaluations"]] or [NOTHING], "list"),
        ("The simulator assumes", found["assumes"], "list"),
        ("Run it", [command(found)], "command"),
    ]


def said(evaluation: dict) -> str:
    """A finding with its source, and how far that was read."""
    return f"{evaluation['finding']} [{evaluation['source']}: {MARKS[evaluation['mark']]}]"


def origin(row: dict) -> str:
    """Where a kind of data comes from."""
    if row["police_generated"]:
        return f"POLICE-GENERATED, {row['channel']}"
    return "public data" if row["channel"] == "public" else f"not police-generated, {row['channel']}"


def command(found: dict) -> str:
    """The line that simulates the system, to be pasted into a shell."""
    return " \\\n  ".join(["loopsim run", *map(quoted, found["setting"])])


def quoted(override: str) -> str:
    """An override as a shell takes it."""
    return f"'{override}'" if set(override) & set("[]{}, ") else override


def text(found: dict, width: int = 80) -> str:
    """An entry for a terminal, no line longer than `width` columns where words allow."""
    lines = [*textwrap.wrap(f"{found['name']}: {found['title']}", width), ""]
    for heading, items, kind in sections(found):
        lines.append(heading)
        if kind == "command":
            lines += [f"  {line}" for line in items[0].split("\n")]
        for item in items if kind != "command" else ():
            words = f"{item['what']} ({origin(item)})" if kind == "data" else item
            first, rest = ("  - ", "    ") if kind in ("list", "data") else ("  ", "    ")
            rest = "  " if kind == "words" else rest
            lines += textwrap.wrap(
                words, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
            )
        lines.append("")
    return "\n".join(lines)


def whole(entries: list[dict], width: int = 80) -> str:
    """Several entries, a rule between them, and what they cannot say."""
    rule = "=" * min(width, 80) + "\n\n"
    return rule.join(text(found, width) for found in entries) + "\n" + textwrap.fill(LIMIT, width) + "\n"


def page(entries: list[dict]) -> str:
    """One self-contained HTML page; every word of an entry is escaped."""
    links = "".join(f'<li><a href="#{_id(e)}">{escape(e["title"])}</a></li>' for e in entries)
    index = f"<nav aria-label='Systems'><ul>{links}</ul></nav>" if len(entries) > 1 else ""
    body = "".join(fragment(found) for found in entries)
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>Register of prediction systems</title><style>{STYLE}</style></head><body>"
        f"<header><h1>Register of prediction systems</h1><p>{escape(LIMIT)}</p>{index}</header>"
        f"<main>{body}</main></body></html>\n"
    )


def fragment(found: dict) -> str:
    """An entry as a section to be put on a page."""
    parts = [f"<section id='{_id(found)}'><h2>{escape(found['title'])}</h2>"]
    for heading, items, kind in sections(found):
        parts.append(f"<h3>{escape(heading)}</h3>")
        if kind == "data":
            rows = "".join(
                f"<tr><td>{escape(d['what'])}</td><td>{escape(origin(d))}</td></tr>" for d in items
            )
            head = "<tr><th scope='col'>Data</th><th scope='col'>Where it comes from</th></tr>"
            parts.append(f"<table>{head}{rows}</table>")
        elif kind == "list":
            parts.append("<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>")
        else:
            tag = "pre" if kind in ("formulas", "command") else "p"
            parts += [f"<{tag}>{escape(item)}</{tag}>" for item in items]
    return "".join(parts) + "</section>"


def _id(found: dict) -> str:
    return escape(f"system-{found['name']}", quote=True)
