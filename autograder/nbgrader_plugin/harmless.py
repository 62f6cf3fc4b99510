"""What students write is shown to others by nbgrader, in feedback and in formgrader: as text only.

A cell that shows nothing else than text, formulas, pictures and links stays as it was written. Any
other, with scripts, handlers of events, frames, styles or links that run code, is shown as its own
source. Knows how nbconvert renders a cell, and what a browser may be given.
"""

from __future__ import annotations

import binascii
import html
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import bleach  # type: ignore[import-untyped]
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbgrader.preprocessors import NbGraderPreprocessor  # type: ignore[import-untyped]

SHOWN_AS_TEXT = (
    "**The grader shows the source of this cell, because it has HTML, links or commands that a page"
    " should not run.**"
)
MAX_SHOWN = 200_000  # characters; nothing longer is rendered, or shown in full
CUT = "\n[...]"

_NAMES = """
a abbr b blockquote br center code dd del details div dl dt em font h1 h2 h3 h4 h5 h6 hr i img
kbd li mark ol p pre s section small span strong sub summary sup table tbody td th thead tr u ul
"""
TAGS = frozenset(_NAMES.split())
_PLAIN = {
    "a": {"title"},
    "img": {"alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "font": {"color"},
}
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_PICTURE = re.compile(
    rf"data:(?:{'|'.join(PICTURES)});base64,[A-Za-z0-9+/=\s]*|https?://\S+|(?!.*[.][.])\w[\w ./-]*"
)
_LINK = re.compile(r"(?:https?:|mailto:)\S*|[^:]*|[^:]*[/?#].*", re.IGNORECASE)
# What nbconvert and its pygments write themselves.
_OWN_CLASS = re.compile(
    r"highlight(?: hl-[\w+.#-]+)?|anchor-link|language-[\w+.#-]+|[a-z]{1,3}\d?"
    r"|task-list-item|footnotes?|footnote-\w+"
)
_OWN_MARKUP = re.compile(
    r' style="text-align:(?:left|right|center)"|<!--[^<>-]*-->'
    r'|<input class="task-list-item-checkbox" type="checkbox" disabled(?: checked)?/>'
)
_MARKUP = re.compile(r"<(/?[a-zA-Z][^\s/>]*)?")
# Commands of MathJax that make links, styles and names, or load more of it.
_ACTIVE_MATHS = re.compile(r"\\(?:href|style|class|cssId|data|require|unicode|url)(?![a-zA-Z])")


class MakeHarmless(NbGraderPreprocessor):  # type: ignore[misc]
    """Show what could act in a browser as text. The released cells are the course's own."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """See the class."""
        release = self.parent.release[resources["nbgrader"]["notebook"]]
        released = {cell.source for cell in release.cells if cell.cell_type != "code"}
        for cell in nb.cells:
            if cell.cell_type != "code" and cell.source not in released:
                cell.source = harmless(cell.source, cell.get("attachments", {}))
        return nb, resources


def harmless(source: str, attachments: Mapping[str, Any] | None = None) -> str:
    """The Markdown of a cell, or its source as text where a page would do more than show it.

    Examples
    --------
    >>> harmless("The rank is *two*, for $a<b$.")
    'The rank is *two*, for $a<b$.'
    >>> harmless("<script>alert(1)</script>").splitlines()[2]
    '<pre>'
    """
    return source if _is_harmless(source, attachments or {}) else _as_text(source)


def _is_harmless(source: str, attachments: Mapping[str, Any]) -> bool:
    if len(source) > MAX_SHOWN or _ACTIVE_MATHS.search(source) or not _all_pictures(attachments):
        return False
    renderer = IPythonRenderer(escape=False, attachments=dict(attachments))
    try:
        page = MarkdownWithMath(renderer=renderer).render(source)
    except Exception:  # whatever nbconvert raises here, it would raise again when others look
        return False
    page = _OWN_MARKUP.sub("", page)
    names = {match[1] or "" for match in _MARKUP.finditer(page)}  # in texts, < is written &lt;
    return {name.removeprefix("/").lower() for name in names} <= TAGS and _only_shows(page)


def _only_shows(page: str) -> bool:
    """Whether every attribute, as a browser would read the page, does no more than show."""
    refused = []

    def look(tag: str, name: str, value: str) -> bool:
        if not _shows(tag, name, html.unescape(value).strip()):
            refused.append(name)
        return False

    bleach.clean(page, tags=TAGS, attributes=look)
    return not refused


def _shows(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return bool(_OWN_CLASS.fullmatch(value))
    if name == "id":
        return tag in ("h1", "h2", "h3", "h4", "h5", "h6") or value.startswith("fn")
    if (tag, name) == ("img", "src"):
        return bool(_PICTURE.fullmatch(value))
    if (tag, name) == ("a", "href"):
        return value.isprintable() and bool(_LINK.fullmatch(value))
    return name == "align" or name in _PLAIN.get(tag, ())


def _all_pictures(attachments: Mapping[str, Any]) -> bool:
    """Whether attachments are pictures, and of a kind that has no scripts."""
    for bundle in attachments.values():
        for kind, data in bundle.items():
            try:
                b64decode(data, validate=False)
            except (TypeError, ValueError, binascii.Error):
                return False
            if kind not in PICTURES:
                return False
    return True


def _as_text(source: str) -> str:
    shown = source if len(source) <= MAX_SHOWN else source[:MAX_SHOWN] + CUT
    lines = ["".join(map(_entity, line)) or "&#32;" for line in shown.splitlines()]
    return "\n".join([SHOWN_AS_TEXT, "", "<pre>", *lines, "</pre>"])


def _entity(letter: str) -> str:
    """A character that neither Markdown nor HTML nor MathJax takes for anything else."""
    return letter if letter.isalnum() or letter == " " else f"&#{ord(letter)};"
