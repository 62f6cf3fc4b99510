"""What students write stands in feedback and in formgrader, where it must show and never act."""

from __future__ import annotations

import base64
import html
import re
from html.parser import HTMLParser

import nbformat
import pytest
from nbconvert.filters import markdown2html

from autograder.nbgrader_plugin.harmless import CUT, MAX_SHOWN, SHOWN_AS_TEXT, harmless

ACTIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x]( JaVaScRiPt:alert(1))",
    "[x][a]\n\n[a]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='jav&Tab;ascript&colon;alert(1)'>x</a>",
    "<a href=' &#1;javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>1</script>'>x</a>",
    '<a href="vbscript:x">x</a>',
    "<svg onload=alert(1)>",
    "<math><mtext><script>alert(1)</script>",
    "<iframe src=x>",
    "<object data=x>",
    "<base href=//evil>",
    "<meta http-equiv=refresh content=0>",
    "<form action=/logout><input type=submit>",
    "<style>*{display:none}</style>",
    "<div style='position:fixed'>",
    "<p class='btn save'>x</p>",
    "<a id=score>x</a>",
    "<details open ontoggle=alert(1)>",
    "<div\nonclick=alert(1)>",
    "<p/onclick=alert(1)>",
    "<scr<script>ipt>",
    "<!--><script>alert(1)</script>-->",
    "`<x>` </code><script>1</script>",
    "| a |\n|--|\n| <img src=x onerror=a> |",
    "```\n```\n<img src=x onerror=a>",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\style{position:fixed}{x}$",
    r"$\require{action}$",
    "![x](/logout)",
    "![x](a/../../logout)",
    "![x](attachment:none.png)",  # nbconvert gives up on the whole page
]
PLAIN = [
    "# Title\n\n| a | b |\n|:--|--:|\n| 1 | <b>2</b> |\n\n`<x>` $a<b$ 'q' \"z\" & &amp; <br> <br/>",
    "```python\nx = 1 < 2\nprint('<script>')\n```\n\n- [ ] x\n- [x] y\n\n> quote\n\n1. a\n2. b",
    "$$\\begin{aligned}a &= b \\\\ c &< d\\end{aligned}$$ \\textstyle",
    "$$<script>alert(1)</script>$$",  # a formula, in which nbconvert writes &lt;
    '<img src="a.png" width=300> ![p](pics/plot.png "t") ![q](https://a.b/c.png)',
    "[l](http://a.b?c=1&d=2) [q](#Here) [r](mailto:a@b.c) [s](a.ipynb) <http://x.y> <a@b.c>",
    "<div align=center>hi <font color='red'>x</font></div> ~~x~~ <!-- note -->",
    "<details><summary>s</summary>x</details> <p>x<p>y <b>z",
    "a < b and c > d, x<y, a <- b; Überschrift – „x“ &nbsp; © &lt;script&gt;",
    "$x$ [^1]\n\n[^1]: foot\n\n3. x\n   - y\n\n         code",
]


@pytest.mark.parametrize("source", ACTIVE)
def test_what_could_act_is_shown_as_its_own_source(source: str) -> None:
    shown = harmless(source)
    assert shown.startswith(f"{SHOWN_AS_TEXT}\n\n<pre>\n")
    page = markdown2html(shown)
    assert {name.lower() for name in re.findall(r"<(/?\w*)", page)} <= {
        "p", "/p", "strong", "/strong", "pre", "/pre",
    }  # fmt: skip
    assert html.unescape(page.split("<pre>\n")[1].split("\n</pre>")[0]) == source.replace(
        "\n\n", "\n \n"
    )
    assert harmless(shown) == shown


@pytest.mark.parametrize("source", PLAIN)
def test_what_only_shows_stays_as_it_was_written(source: str) -> None:
    assert harmless(source) == source


def test_pictures_may_be_attached_and_nothing_else() -> None:
    picture = {"a.png": {"image/png": base64.b64encode(b"x").decode()}}
    source = "![a](attachment:a.png)"
    assert harmless(source, picture) == source
    drawing = {"a.png": {"image/svg+xml": base64.b64encode(b"<svg onload=a>").decode()}}
    assert harmless(source, drawing).startswith(SHOWN_AS_TEXT)
    odd = {"a.png": {"image/png": '" onerror="alert(1)'}}
    assert harmless(source, odd).startswith(SHOWN_AS_TEXT)


def test_a_text_without_end_is_cut() -> None:
    shown = harmless("x" * (MAX_SHOWN + 1))
    assert shown.startswith(SHOWN_AS_TEXT)
    assert html.unescape(shown).endswith(f"x{CUT}\n</pre>")


@pytest.mark.long
def test_neither_the_autograded_notebook_nor_feedback_has_what_could_act(course) -> None:
    handed_in = course.released()
    text = next(cell for cell in handed_in.cells if cell.cell_type == "markdown")
    statement = text.source
    written = nbformat.v4.new_markdown_cell
    handed_in.cells += [written(source) for source in (*ACTIVE, *PLAIN)]
    folder = course.submit("ann", notebook=handed_in)
    (folder / "[a](javascript:1).ipynb").write_text("{}")  # the grader's own note names it
    assert course.autograde()["success"]
    sources = [cell.source for cell in course.autograded("ann").cells]
    assert statement in sources
    assert not {*ACTIVE} & {*sources}
    assert {*PLAIN} <= {*sources}
    assert course.generate_feedback()["success"]
    page = (course.root / "feedback" / "ann" / "tiny" / "tiny.html").read_text()
    seen = Seen(page)
    assert not [name for _, name, _ in seen.attributes if name.startswith("on")]
    assert not [value for _, _, value in seen.attributes if "javascript:" in (value or "").lower()]
    assert not [text for text in seen.scripts if "alert" in text]
    assert not {"iframe", "object", "form", "base", "svg"} & seen.tags


class Seen(HTMLParser):
    """The tags, attributes and scripts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts.append(data)
