"""Submissions that are broken and not hostile: what is handed in, what it earns, what is said.

`CASES` is the table. Of the ten points of `tiny`, the notebook has three, `nn/layers.py` five and
`nn/loss.py` two.
"""

from __future__ import annotations

import copy
import io
import json
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Files = dict[str, bytes]
NB, LAYERS, LOSS = "tiny.ipynb", "nn/layers.py", "nn/loss.py"
SAVE = "Save it in Jupyter once more, and hand in the file itself (File > Download)."
NOTHING = (
    "There is nothing to grade here: hand in `tiny.ipynb` and `nn/layers.py`, alone or in a zip."
)
DAMAGED = "`tiny.zip` is damaged or no zip: make the zip again and hand it in."


@dataclass(frozen=True, kw_only=True)
class Case:
    """One student's folder, the points it earns, and all that is said.

    `problems` are the notes on the files, `says` the rationale and help of checks by id. `course`
    is False where nbgrader could not hold the folder in its tree.
    """

    files: Mapping[str, bytes]
    score: float
    problems: tuple[str, ...] = ()
    says: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    course: bool = True


def cases(right: Files, solved: dict[str, Any]) -> dict[str, Case]:
    """Every case by the student's name; `right` has full marks, `solved` is its notebook."""
    found = _notebooks(right, solved) | _modules(right) | _names(right) | _wrappings(right)
    return found | _empty(right)


def unread(reason: str) -> str:
    return f"`tiny.ipynb` cannot be read: {reason}. {SAVE}"


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


def _under(prefix: str, files: Files) -> Files:
    return {prefix + path: data for path, data in files.items()}


def _notebooks(right: Files, solved: dict[str, Any]) -> dict[str, Case]:
    whole = right[NB]

    def with_notebook(content: bytes | dict[str, Any]) -> Files:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        return right | {NB: data}

    def broken(content: bytes, sentence: str) -> Case:
        says = {"answer": (sentence, ""), "triple": (sentence, "")}
        return Case(files=with_notebook(content), score=7, problems=(sentence,), says=says)

    html = b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n"
    merge = whole.replace(b' "cells"', b'<<<<<<< HEAD\n "cells"', 1)
    no_cells = unread("it is JSON, but has no cells")
    cut = whole[: whole.index(b'"id": "triple"') - 200]
    line = cut.count(b"\n") + 1
    # The French word is in a comment, which the notebook has as it is and not as an escape.
    french = json.dumps(_changed(solved, "answer = 42  # né"), ensure_ascii=False)
    set_to_r = (f"`{NB}` is set to the language 'R'; it was run as Python.",)
    r_code = (
        "`answer` is not defined in `tiny`.",
        "Code cell 1 of tiny.ipynb raised NameError: name 'answer' is not defined",
    )
    return {
        "empty-notebook": broken(
            b"", "`tiny.ipynb` is empty: hand in the file that you worked on."
        ),
        "not-json": broken(b"hello\n", unread("it is not JSON (line 1: expecting value)")),
        "web-page": broken(html, unread("it is a web page")),
        "unfinished-merge": broken(merge, unread("line 2 has the marks of an unfinished merge")),
        "a-list": broken(b"[]", no_cells),
        "no-list-of-cells": broken(b'{"nbformat": 4}', no_cells),
        "no-cells": broken(json.dumps({**solved, "cells": []}).encode(), no_cells),
        "nested-too-deeply": broken(
            b"[" * 100_000, unread("it is JSON that no program could read")
        ),
        "truncated-json": Case(
            files=with_notebook(cut),
            score=10,
            problems=(
                f"`{NB}` is broken at line {line}; only what stands before it could be read, "
                f"6 cells. {SAVE}",
            ),
        ),
        "format-3": Case(files=with_notebook(_format_3(solved)), score=10),
        "no-metadata": Case(files=with_notebook(_bare(solved)), score=10),
        "julia-kernel": Case(
            files=with_notebook(_kernel(solved, "julia")),
            score=10,
            problems=(f"`{NB}` is set to the language 'julia'; it was run as Python.",),
        ),
        "written-in-r": Case(
            files=with_notebook(_kernel(_changed(solved, "answer <- 42"), "R")),
            score=9,
            problems=set_to_r,
            says={"answer": r_code},
        ),
        "notebook-in-utf-16": Case(
            files=with_notebook(whole.decode().encode("utf-16")),
            score=10,
            problems=(f"`{NB}` is in UTF-16 and was read as such. Save it as UTF-8.",),
        ),
        "notebook-in-latin-1": Case(
            files=with_notebook(french.encode("latin-1")),
            score=10,
            problems=(f"`{NB}` is not UTF-8 and was read as Windows-1252. Save it as UTF-8.",),
        ),
        "notebook-with-nuls": Case(
            files=with_notebook(whole + bytes(64)),
            score=10,
            problems=(f"`{NB}` has NUL bytes in it, which were left out. Save it again.",),
        ),
        "half-a-character": Case(  # of a pair that two escapes make; Python text cannot hold it
            files=with_notebook(_changed(solved, "answer = 42  # \ud83d")), score=10
        ),
        "notebook-with-bom": Case(files=with_notebook(b"\xef\xbb\xbf" + whole), score=10),
        "python-2-cell": Case(
            files=with_notebook(_changed(solved, 'answer = 42\nprint "done"')),
            score=9,
            says={
                "answer": (
                    "`answer` is not defined in `tiny`.",
                    "Code cell 1 of tiny.ipynb raised SyntaxError: Missing parentheses in call to "
                    "'print'. Did you mean print(...)? (line 2: `print \"done\"`). "
                    "This is Python 2; in Python 3, print is a function: `print(x)`.",
                )
            },
        ),
        "cell-imports-torch": Case(
            files=with_notebook(_changed(solved, "import torch\nanswer = 42")), score=10
        ),
        "cell-uses-torch": Case(
            files=with_notebook(_changed(solved, "import torch\nanswer = torch.tensor(42)")),
            score=9,
            says={
                "answer": (
                    "`answer` is not defined in `tiny`.",
                    "Code cell 1 of tiny.ipynb raised NameError: name 'torch' is not defined. "
                    "Code cell 1 of tiny.ipynb raised ModuleNotFoundError: No module named "
                    "'torch'. The rest of the cell ran without it.",
                )
            },
        ),
    }


def _changed(notebook: dict[str, Any], answer: str) -> dict[str, Any]:
    """The notebook with another cell for the answer."""
    new = copy.deepcopy(notebook)
    (cell,) = (cell for cell in new["cells"] if cell["id"] == "solution-answer")
    cell["source"] = answer
    return new


def _kernel(notebook: dict[str, Any], language: str) -> dict[str, Any]:
    kernel = {"name": f"{language}-1", "display_name": language, "language": language}
    return {**notebook, "metadata": {"kernelspec": kernel, "language_info": {"name": language}}}


def _bare(notebook: dict[str, Any]) -> dict[str, Any]:
    """What is left of a notebook without any metadata."""
    kept = ("cell_type", "source")
    cells = [{key: cell[key] for key in kept} for cell in notebook["cells"]]
    return {"cells": cells, "nbformat": 4}


def _format_3(notebook: dict[str, Any]) -> dict[str, Any]:
    cells = []
    for cell in notebook["cells"]:
        plain = {"cell_type": cell["cell_type"], "metadata": {}}
        if cell["cell_type"] == "code":
            plain |= {"input": cell["source"], "language": "python", "outputs": []}
        else:
            plain |= {"source": cell["source"]}
        cells.append(plain)
    sheets = [{"cells": cells, "metadata": {}}]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": sheets}


def _modules(right: Files) -> dict[str, Case]:
    layers = right[LAYERS]
    text = layers.decode()

    def case(data: bytes, *problems: str) -> Case:
        return Case(files=right | {LAYERS: data}, score=10, problems=problems)

    def stopped(data: bytes, error: str, line: int, source: str, help: str) -> Case:
        rationale = f"`nn.layers` raised {error} (nn/layers.py, line {line}: `{source}`)"
        says = dict.fromkeys(("double", "negate"), (rationale, help))
        return Case(files=right | {LAYERS: data}, score=5, says=says)

    empty = "`nn/layers.py` is empty: hand in the file that you worked on."
    wide = "`nn/layers.py` is in UTF-16 and was read as such. Save it as UTF-8."
    nuls = "`nn/layers.py` has NUL bytes in it, which were left out. Save it again."
    latin = "`nn/layers.py` is not UTF-8 and was read as Windows-1252. Save it as UTF-8."
    nothing = dict.fromkeys(("double", "negate"), (empty, ""))
    unread = "Python cannot read the file, so nothing in it counts until this line is mended."
    last = text.count("\n") + 1
    old = text.replace("return 2 * x", "return sum(x for _ in xrange(2))")
    return {
        "empty-module": Case(files=right | {LAYERS: b""}, score=5, problems=(empty,), says=nothing),
        "only-nuls": Case(
            files=right | {LAYERS: bytes(3000)}, score=5, problems=(empty,), says=nothing
        ),
        "latin-1": case(text.encode("latin-1"), latin),
        "latin-1-that-says-so": case(b"# -*- coding: latin-1 -*-\n" + text.encode("latin-1")),
        "utf-16": case(text.encode("utf-16"), wide),
        "utf-16-without-bom": case(text.encode("utf-16-le"), wide),
        "utf-32": case(text.encode("utf-32"), wide.replace("16", "32")),
        "bom": case(b"\xef\xbb\xbf" + layers),
        "crlf": Case(files={k: v.replace(b"\n", b"\r\n") for k, v in right.items()}, score=10),
        "old-mac": Case(files={k: v.replace(b"\n", b"\r") for k, v in right.items()}, score=10),
        "nul-bytes": case(layers + bytes(100), nuls),
        "python-2": stopped(
            layers + b'print "done"\n',
            "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?",
            last,
            'print "done"',
            "This is Python 2; in Python 3, print is a function: `print(x)`.",
        ),
        "python-2-xrange": Case(
            files=right | {LAYERS: old.encode()},
            score=8,
            says={
                "double": (
                    "`double(3.0)` raised NameError: name 'xrange' is not defined (nn/layers.py, "
                    "line 3: `return sum(x for _ in xrange(2))`)",
                    "This is Python 2; in Python 3, write `range`.",
                )
            },
        ),
        "syntax-error": stopped(
            layers + b"def f(:\n", "SyntaxError: invalid syntax", last, "def f(:", unread
        ),
        "tabs-and-spaces": stopped(
            layers + b"def f(x):\n    if x:\n\treturn x\n",
            "TabError: inconsistent use of tabs and spaces in indentation",
            last + 2,
            "return x",
            unread,
        ),
        "missing-package": stopped(
            b"import torch\n" + layers,
            "ModuleNotFoundError: No module named 'torch'",
            1,
            "import torch",
            "`torch` is not installed where submissions are graded: use NumPy and the course's own "
            "files, or hand in the file if it is yours.",
        ),
        "missing-own-module": stopped(
            b"from nn.mine import two\n" + layers,
            "ModuleNotFoundError: No module named 'nn.mine'",
            1,
            "from nn.mine import two",
            "Was `nn/mine.py` handed in, and is it called that?",
        ),
    }


def _names(right: Files) -> dict[str, Case]:
    def renamed(old: str, new: str, *problems: str) -> Case:
        files = {path.replace(old, new): data for path, data in right.items()}
        return Case(files=files, score=10, problems=problems)

    def taken(given: str, path: str, reason: str) -> str:
        return f"`{given}` was taken as `{path}`: {reason}."

    place = "that is where it belongs"
    flat = {path.rpartition("/")[2]: data for path, data in right.items()}
    missing = f"`{NB}` was not handed in."
    both = "None of the notebooks `a.ipynb`, `b.ipynb` is called `tiny.ipynb`: "
    nowhere = dict.fromkeys(("answer", "triple"), (missing, ""))
    without = {path: data for path, data in right.items() if path != NB}
    decomposed = unicodedata.normalize("NFD", "Übung №1")
    return {
        "renamed-notebook": renamed(
            "tiny.ipynb",
            "mein Heft №1.ipynb",
            taken("mein Heft №1.ipynb", NB, "it is the only notebook"),
        ),
        "ipynb-txt": renamed(
            ".ipynb", ".ipynb.txt", "`tiny.ipynb.txt` was taken as `tiny.ipynb`: rename it."
        ),
        "ipynb-json": renamed(
            ".ipynb", ".ipynb.json", "`tiny.ipynb.json` was taken as `tiny.ipynb`: rename it."
        ),
        "py-txt": renamed(
            ".py",
            ".py.txt",
            "`nn/layers.py.txt` was taken as `nn/layers.py`: rename it.",
            "`nn/loss.py.txt` was taken as `nn/loss.py`: rename it.",
        ),
        "capitals": renamed("layers", "Layers", taken("nn/Layers.py", LAYERS, place)),
        "capital-folder": renamed(
            "nn/",
            "NN/",
            taken("NN/layers.py", LAYERS, place),
            taken("NN/loss.py", LOSS, place),
        ),
        "backslashes": renamed("/", "\\"),
        "no-folder": Case(
            files=flat,
            score=10,
            problems=(taken("layers.py", LAYERS, place), taken("loss.py", LOSS, place)),
        ),
        "too-deep": Case(files=_under("tiny/", right), score=10),
        "much-too-deep": Case(files=_under("hand in/final/tiny/", right), score=10),
        "own-name-again": Case(files=_under("own-name-again/", right), score=10),
        "spaces in my name": Case(files=_under("My work (final) 2/", right), score=10),
        "Zoé Müller": Case(files=_under(f"{decomposed}/", right), score=10),
        "two-notebooks": Case(
            files=right | {"tiny-Copy1.ipynb": b"{}"},
            score=10,
            problems=("Only `tiny.ipynb` is graded; `tiny-Copy1.ipynb` was not used.",),
        ),
        "two-unknown-notebooks": Case(
            files=without | {"a.ipynb": _one_cell("1 + 1"), "b.ipynb": _one_cell("2 + 2")},
            score=7,
            problems=(both + "rename the right one and hand it in again.", missing),
            says=nowhere,
        ),
        "only-modules": Case(files=without, score=7, problems=(missing,), says=nowhere),
        "only-the-notebook": Case(
            files={NB: right[NB]},
            score=3,
            problems=("`nn/layers.py` was not handed in.", "`nn/loss.py` was not handed in."),
            says={"square": ("`nn/loss.py` was not handed in.", "")},
        ),
    }


def _one_cell(source: str) -> bytes:
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}).encode()


def _wrappings(right: Files) -> dict[str, Case]:
    litter = {"__MACOSX/tiny/._tiny.ipynb": b"\0\5\x16", "tiny/.DS_Store": b"\0\0\0\1Bud1"}
    litter |= {"__MACOSX/tiny/nn/._layers.py": b"\0\5", "tiny/nn/._layers.py": b"\0\5\x16"}
    on_disk = {path.removeprefix("tiny/"): data for path, data in litter.items()}
    rar = "`hw.rar` cannot be opened: hand in a .zip, or the files themselves."
    archives = dict.fromkeys(("double", "answer"), (f"{rar} {NOTHING}", ""))
    return {
        "zip-of-a-mac": Case(files={"tiny.zip": zipped(_under("tiny/", right) | litter)}, score=10),
        "litter-of-a-mac": Case(files=right | on_disk, score=10),
        "zip-in-a-zip": Case(files={"tiny.zip": zipped({"hw.zip": zipped(right)})}, score=10),
        "half-a-zip": Case(
            files={"tiny.zip": zipped(right)[:300]}, score=0, problems=(DAMAGED, NOTHING)
        ),
        "rar": Case(
            files={"hw.rar": b"Rar!\x1a\x07"}, score=0, problems=(rar, NOTHING), says=archives
        ),
    }


def _empty(right: Files) -> dict[str, Case]:
    said = {"double": (NOTHING, ""), "answer": (NOTHING, "")}

    def nothing(**files: bytes) -> Case:
        given = {name.replace("_", "."): data for name, data in files.items()}
        return Case(files=given, score=0, problems=(NOTHING,), says=said)

    return {
        "empty-folder": nothing(),
        "essay": nothing(essay_pdf=b"%PDF-1.7"),
        "word": nothing(answers_docx=zipped({"word/document.xml": b"<a/>"})),
        "everything-right": Case(files=right, score=10),
    }
