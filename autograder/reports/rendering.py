"""Templates filled in: everything that is printed is escaped and legible, whoever wrote it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from urllib.parse import quote

import jinja2
from markupsafe import Markup, escape

from autograder.printable import printable
from autograder.submission import file_stem

from .rasters import png_address, width_of
from .wording import LOOKS, for_a_person, number, states, verdict

_TEMPLATES = Path(__file__).parent / "templates"
_CODE = re.compile(r"`([^`\n]+)`")
# What could end a <script> or begin a comment in it, and what is no line in every JavaScript.
_IN_SCRIPT = {code: f"\\u{code:04x}" for code in map(ord, "<>&\u2028\u2029")}


def render(template: str, **values: object) -> str:
    """The page that a template makes of `values`."""
    return _environment().get_template(template).render(**values)


def embedded(name: str) -> Markup:
    """A style sheet or script of ours as it stands in a page."""
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))


def source_digest(text: str) -> str:
    """What a Content-Security-Policy calls the one script that may run.

    >>> source_digest("")
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


def as_json(data: object) -> Markup:
    r"""Plain data as JSON inside a ``<script>``, which nothing in it can end.

    >>> as_json({"name": "</script>"})
    Markup('{"name":"\\u003c/script\\u003e"}')
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(_IN_SCRIPT))


@cache  # templates are compiled once
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_legible,
    )
    environment.filters |= {
        "number": number,
        "prose": _prose,
        "linked": _linked,
        "lines": _lines,
        "png": png_address,
        "width": width_of,
        "for_a_person": for_a_person,
        "states": states,
        "stem": file_stem,
        "verdict": verdict,
        "look": LOOKS.__getitem__,
    }
    environment.globals["style"] = embedded("style.css")
    return environment


def _legible(value: object) -> object:
    """What a template prints, without characters that hide or turn their neighbours."""
    return printable(value) if type(value) is str else value


def _linked(text: str, ids: Collection[str]) -> Markup:
    """As `_prose`; what names a check of the page leads to it."""

    def code(found: re.Match[str]) -> str:
        inside = f"<code>{found[1]}</code>"
        known = found[1] in escaped
        return f'<a href="#{quote(escaped[found[1]])}">{inside}</a>' if known else inside

    escaped = {str(escape(id)): id for id in ids}
    return Markup(_CODE.sub(code, str(escape(printable(text)))))


def _lines(text: str) -> Markup:
    """As `_prose`, with line breaks that need no style."""
    return Markup(_prose(text).replace("\n", "<br>"))


def _prose(text: str) -> Markup:
    """Escaped text, in which `words between backticks` are set as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(printable(text)))))
