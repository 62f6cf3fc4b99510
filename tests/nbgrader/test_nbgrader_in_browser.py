"""What students hand in, shown by formgrader and feedback in a real browser: none of it runs.

Every attempt calls `ran(KIND)`, which the browser passes on to this test from any page or frame.
"""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.filterwarnings("default"),  # Playwright's own, of the event loop it runs
]
SVG = "<svg xmlns='http://www.w3.org/2000/svg'><script>{}</script></svg>"
XHTML = "<html xmlns='http://www.w3.org/1999/xhtml'><script>{}</script></html>"
HTML = "<!DOCTYPE html><script>{}</script>"
IMAGE = "<img src=none.png onerror={}>"
MARKDOWN = [
    "<script>{}</script>",
    IMAGE,
    "<svg onload={}>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<details open ontoggle={}>x</details>",
    "<video><source onerror={}></video>",
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
    "<iframe src='javascript:parent.{}'></iframe>",
    "<input autofocus onfocus={}>",
    "[x](javascript:{})",
    "<a href='java&#115;cript:{}'>x</a>",
    "<a href='data:text/html,<script>{}</script>'>x</a>",
    "`x` </code><img src=none.png onerror={}>",
    "```\n```\n<img src=none.png onerror={}>",
    "$$</script><img src=none.png onerror={}>$$",
    "$`$<script>{}</script>$`$",
    "`<script>{}</script>`",  # text in Markdown, and markup where it is shown raw
    '![x](<none.png"onerror="{}>)',
    "[x]: <none.png> '\"onerror=\"{}'\n\n![x]",
    "| a |\n|---|\n| <img src=none.png onerror={}> |",
]
FILES = {
    "look.html": HTML, "look.htm": HTML, "LOOK.HTML": HTML, "look.xhtml": XHTML, "look.xht": XHTML,
    "look.svg": SVG, "look.xml": XHTML, "deep/look.html": HTML, "look.html.txt": HTML,
    "look": HTML, "look.json": HTML,
}  # fmt: skip
NAMES = [
    '<img src=x onerror=ran("a file")>.py',
    '"onmouseover=ran("a file")".ipynb',
    "[x](javascript:ran(1)).py",
]
STUDENTS = ["<img src=x onerror=ran('a student')>", '"onmouseover="ran(1)', "<script>ran(1)<"]


def spoken(pattern: str, kind: str) -> str:
    """The pattern with a call that tells the kind; without quotes, which the pattern may have."""
    return pattern.replace("{}", f"ran(/{kind}/.source)")


def hostile_notebook(notebook: Any) -> Any:
    """Every way in which a notebook can carry script, in one."""
    answer = next(cell for cell in notebook.cells if cell.get("id") == "explain")
    answer.source = "\n\n".join(spoken(one, "an answer") for one in MARKDOWN)
    notebook.cells += [new_markdown_cell(spoken(one, "Markdown")) for one in MARKDOWN]
    notebook.cells += [new_raw_cell(spoken(one, "raw")) for one in MARKDOWN]
    notebook.cells += [
        new_raw_cell(spoken(HTML, kind), metadata={"raw_mimetype": kind})
        for kind in ("text/html", "TEXT/HTML", "image/svg+xml")
    ]
    links = [new_markdown_cell(f"[x]({name}) ![y]({name})") for name in FILES]
    return with_metadata(with_attachments(with_outputs(notebook, links)))


def with_outputs(notebook: Any, cells: list[Any]) -> Any:
    """Outputs of every kind that a page would run, at the answer's cell and at one of their own."""
    data = {
        "text/html": spoken(HTML, "an output"),
        "image/svg+xml": spoken(SVG, "an output"),
        "application/javascript": spoken("{}", "an output"),
        "text/markdown": spoken(IMAGE, "an output"),
        "text/latex": spoken(f"$x$ {IMAGE}", "an output"),
        "image/png": spoken('" onerror="{}', "an output"),
    }
    outputs = [
        *(new_output("display_data", data={kind: text}) for kind, text in data.items()),
        new_output("stream", text=spoken(IMAGE, "an output")),
        new_output("error", ename=spoken(IMAGE, "an output"), evalue=spoken(IMAGE, "an output"),
                   traceback=[spoken(IMAGE, "an output")]),
    ]  # fmt: skip
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = outputs
    notebook.cells += [*cells, new_code_cell(spoken(IMAGE, "code"), outputs=outputs)]
    return notebook


def with_attachments(notebook: Any) -> Any:
    """Pictures that are drawings with script, or whose names and data leave their attribute."""
    drawing = base64.b64encode(spoken(SVG, "an attachment").encode()).decode()
    leaving = spoken('" onerror="{}', "an attachment")
    for name, kind, data in (
        ("a.svg", "image/svg+xml", drawing),
        ("a.png", "image/png", leaving),
        ("a.png", leaving, drawing),
        (leaving, "image/png", drawing),
        ("a.html", "text/html", spoken(HTML, "an attachment")),
    ):
        for source in (f"![x](attachment:{name})", f"[x](attachment:{name})"):
            notebook.cells.append(new_markdown_cell(source, attachments={name: {kind: data}}))
    return notebook


def with_metadata(notebook: Any) -> Any:
    """Metadata that templates write into attributes and scripts."""
    leaving = spoken('"><img src=none.png onerror={}>', "metadata")
    for cell in notebook.cells:
        cell.metadata["tags"] = [leaving]
        cell.metadata["magics_language"] = leaving
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"]["points"] = leaving
    notebook.cells[0].metadata["nbgrader"] = {
        "schema_version": 3, "grade": True, "solution": True, "locked": False, "task": False,
        "grade_id": leaving, "points": 1,
    }  # fmt: skip
    notebook.metadata["title"] = leaving
    notebook.metadata["language_info"] = {"name": leaving, "pygments_lexer": leaving}
    return notebook


def hand_in(course: Any) -> None:
    """Two notebooks, one of them with files and names that are hostile, and hostile students."""
    folder = course.submit("ann", notebook=hostile_notebook(course.released()))
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(spoken(text, "a linked file"))
    for name in NAMES:
        (folder / name).write_text("{}")
    broken = nbformat.writes(course.released()).replace("# Tiny", spoken(IMAGE, "broken"))
    course.submit("bob", notebook=broken[:-20].encode())
    for student in STUDENTS:
        course.submit(student)


@pytest.fixture
def formgrader(course: Any, tmp_path: Path) -> Iterator[str]:
    """The address of a Jupyter server that has formgrader for the course, and its token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(8)
    settings = (
        f"from autograder.nbgrader_plugin import configure\nfrom pathlib import Path\n"
        f"configure(get_config(), course=Path({str(course.root)!r}))\n"
    )
    (course.root / "nbgrader_config.py").write_text(settings)
    environment = {name: str(tmp_path / "jupyter") for name in
                   ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}  # fmt: skip
    command = [
        sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser",
        f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={course.root}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True,"
        " 'jupyterlab': False, 'notebook': False, 'jupyter_lsp': False}",
    ]  # fmt: skip
    with (
        (tmp_path / "server.log").open("wb") as log,
        subprocess.Popen(command, cwd=course.root, stdout=log, stderr=log,
                         env={**os.environ, **environment}) as server,
    ):  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server)
            yield f"http://127.0.0.1:{port} {token}"
        finally:
            server.terminate()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return as soon as the server answers."""
    end = time.monotonic() + 120
    while True:
        assert server.poll() is None
        try:
            urllib.request.urlopen(address, timeout=10).close()
            return
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.2)


def test_nothing_that_students_hand_in_runs_in_formgrader_or_feedback(course, formgrader) -> None:
    hand_in(course)
    log = course.autograde()
    course.generate_feedback()
    address, token = formgrader.split()
    with course.gradebook() as book:
        ids = [one.id for one in book.notebook_submissions("tiny", "tiny")]
        students = [student.id for student in book.students]
    places = [f"{address}/formgrader/submissions/{one}/" for one in ids]
    places += [f"{address}/formgrader/{path}" for path in
               ("gradebook/tiny/tiny", "manage_submissions/tiny", "manage_students")]  # fmt: skip
    places += [page.as_uri() for page in (course.root / "feedback").rglob("*.html")]
    linked = [f"{address}/formgrader/submissions/{one}/{name}" for one in ids for name in FILES]
    ran, opened = visit(f"{address}/tree?token={token}", places, linked)
    assert sum("Markdown" in text or "shows the source" in text for text in opened) >= 2
    assert sorted(set(ran)) == []
    assert students == ["ann", "bob"], log


def visit(entry: str, places: list[str], linked: list[str]) -> tuple[list[str], list[str]]:
    """What ran while a browser showed the places and followed their links, and what they said."""
    ran: list[str] = []
    said: list[str] = []
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        context.expose_function("ran", lambda kind: ran.append(f"{kind}"))
        local = ("http://127.0.0.1", "file:", "data:", "about:")
        context.route(lambda url: not url.startswith(local), lambda route: route.abort())
        page = context.new_page()
        page.goto(entry)
        for place in places:
            page.goto(place)
            page.wait_for_timeout(500)
            for link in page.locator("a[href^='javascript' i]").all():
                link.evaluate("link => link.click()")
            said.append(page.inner_text("body"))
        for place in linked:
            other = context.new_page()
            try:
                other.goto(place)
                other.wait_for_timeout(100)
            except api.Error:
                pass  # it is downloaded
            other.close()
        browser.close()
    return ran, said
