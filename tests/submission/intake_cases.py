"""What students really hand in: zips, copies, exports, own data, other Pythons; and what it earns.

`CASES` go the same ways as those of `broken_cases`: `autograder grade`, nbgrader and Gradescope.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .broken_cases import Case, Files

NB, LAYERS, LOSS = "tiny.ipynb", "nn/layers.py", "nn/loss.py"
HERE = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
OLD, NEW = (2026, 1, 1, 12, 0, 0), (2026, 1, 2, 12, 0, 0)


def cases(case: type[Case], right: Files, released: Files) -> dict[str, Case]:
    """Every case by the student's name.

    Parameters
    ----------
    right : a submission with full marks.
    released : what was handed out.
    """
    made = _Made(case, right, released)
    return (
        made.zips()
        | made.copies()
        | made.names()
        | made.data()
        | made.characters()
        | made.newer()
        | made.places()
        | made.exports()
        | made.kinds()
        | made.like_names()
        | made.outputs()
    )


def zipped(files: Files, when: tuple[int, ...] = OLD) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path, when), data)  # type: ignore[arg-type]
    return buffer.getvalue()


class _Made:
    def __init__(self, case: type[Case], right: Files, released: Files) -> None:
        self.case = case
        self.right = right
        self.released = released
        self.modules = {path: right[path] for path in (LAYERS, LOSS)}
        self.half = right[LAYERS].replace(
            b"return -x", b"raise NotImplementedError('TODO(negate)')"
        )
        assert self.half != right[LAYERS]

    def full(self, files: Files, *problems: str, **more: Any) -> Case:
        return self.case(files=files, score=10, problems=problems, **more)

    def zips(self) -> dict[str, Case]:
        notebook = {NB: self.right[NB]}
        opened = "`{}` was opened: `nn/layers.py`, `nn/loss.py` were taken from it.".format
        older = self.right | {LAYERS: self.half}
        damaged = "`old.zip` is damaged or no zip: make the zip again and hand it in."
        pictures = zipped({"one.png": b"1", "two.png": b"2"})
        newer = self.right | {LOSS: b"def square(x):\n    return x * x\n"}
        return {
            "zip-beside-notebook": self.full(
                notebook | {"submission.zip": zipped(self.right)}, opened("submission.zip")
            ),
            "zip-in-a-zip-beside": self.full(
                notebook | {"all.zip": zipped({"in.zip": zipped(self.modules)})},
                opened("all.zip/in.zip"),
            ),
            "zip-of-the-same": self.full(self.right | {"submission.zip": zipped(self.right)}),
            "zip-of-pictures": self.full(self.right | {"plots.zip": pictures}),
            "zip-that-is-broken": self.full(self.right | {"old.zip": b"PK no"}, damaged),
            "two-zips": self.full(
                {"late.zip": zipped(older, NEW), "early.zip": zipped(self.right, OLD)},
                "`late.zip` was opened: `nn/loss.py`, `tiny.ipynb` were taken from it.",
                "In `late.zip`, `nn/layers.py` differs from what is graded, and was not used.",
                "`early.zip` was opened: `nn/layers.py` was taken from it.",
            ),
            "two-zips-both-done": self.full(
                {"b.zip": zipped(self.right, OLD), "a.zip": zipped(newer, NEW)},
                "`a.zip` was opened: `nn/layers.py`, `nn/loss.py`, `tiny.ipynb` were taken from "
                "it.",
                "In `b.zip`, `nn/loss.py` differs from what is graded, and was not used.",
            ),
            "zip-with-more": self.full(
                older | {"submission.zip": zipped(self.right)},
                "Beside the zip, `nn/layers.py` differs from what is graded, and was not used.",
                "`submission.zip` was opened: `nn/layers.py` was taken from it.",
            ),
        }

    def copies(self) -> dict[str, Case]:
        untouched = self.modules | {NB: self.released[NB]}
        taken = "`{}` was taken as `tiny.ipynb`: the file of that name is as it was handed out."
        found: dict[str, Case] = {}
        for name in (
            *(
                "tiny (1).ipynb",
                "tiny-Copy1.ipynb",
                "tiny - Kopie (2).ipynb",
                "Kopie von tiny.ipynb",
            ),
            *("Copy of tiny.ipynb", "hw1_tiny_jdoe.ipynb", "tiny_final.ipynb", "Untitled7.ipynb"),
        ):
            files = untouched | {name: self.right[NB]}
            found[f"untouched beside {name}"] = self.full(files, taken.format(name))
        further = "more is written in it than in the file of that name"
        layers = "`nn/layers (1).py` was taken as `nn/layers.py`: {}."
        unused = "`nn/layers (1).py` was not used: `nn/layers.py` is graded."
        copy = "nn/layers (1).py"
        return found | {
            "untouched-module": self.full(
                self.right | {LAYERS: self.released[LAYERS], copy: self.right[LAYERS]},
                layers.format("the file of that name is as it was handed out"),
            ),
            "half-done-module": self.full(
                self.right | {LAYERS: self.half, copy: self.right[LAYERS]}, layers.format(further)
            ),
            "half-done-copy": self.full(self.right | {copy: self.half}, unused),
            "flat-beside-untouched": self.full(
                self.right | {LAYERS: self.released[LAYERS], "layers.py": self.right[LAYERS]},
                "`layers.py` was taken as `nn/layers.py`: "
                "the file of that name is as it was handed out.",
            ),
            "helper-with-a-like-name": self.full(
                self.right
                | {
                    "nn/my_layers.py": self.right[LAYERS],
                    LAYERS: b"from nn.my_layers import double, negate\n",
                }
            ),
            "helper-that-is-overridden": self.full(
                self.right
                | {
                    "nn/layers_old.py": self.right[LAYERS].replace(b"-x", b"x"),
                    LAYERS: b"from .layers_old import *\n\n\ndef negate(x):\n    return -x\n",
                }
            ),
            "helper-beside-untouched": self.full(
                self.right
                | {
                    LAYERS: self.released[LAYERS],
                    "nn/layers_final.py": self.right[LAYERS],
                },
                "`nn/layers_final.py` was taken as `nn/layers.py`: "
                "the file of that name is as it was handed out.",
            ),
            "plots-of-layers": self.case(
                files=self.right
                | {
                    LAYERS: self.released[LAYERS],
                    "nn/plot_layers.py": b"from nn.layers import double\n",
                },
                score=5,
            ),
            "broken-beside-copy": self.full(
                self.modules | {NB: b'{"cells": [', "tiny (1).ipynb": self.right[NB]},
                "`tiny (1).ipynb` was taken as `tiny.ipynb`: the file of that name cannot be read.",
            ),
        }

    def names(self) -> dict[str, Case]:
        other = json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": "1"}]})
        notes = {"notes.ipynb": other.encode()}
        unused = "Only `tiny.ipynb` is graded; `notes.ipynb` was not used."
        return {
            "name-says-so": self.full(
                self.modules | notes | {"hw1_tiny_jdoe.ipynb": self.right[NB]},
                "`hw1_tiny_jdoe.ipynb` was taken as `tiny.ipynb`: its name says so.",
                unused,
            ),
            "cells-say-so": self.full(
                self.modules | notes | {"Untitled7.ipynb": self.right[NB]},
                "`Untitled7.ipynb` was taken as `tiny.ipynb`: its cells are those of that "
                "notebook.",
                unused,
            ),
        }

    def data(self) -> dict[str, Case]:
        def reads(name: str, code: str, content: bytes) -> Case:
            layers = f"import json, pickle\nimport numpy as np\nTWO = {code}\n".encode()
            layers += self.right[LAYERS].replace(b"2 * x", b"TWO * x")
            return self.full(self.right | {LAYERS: layers, name: content})

        two, array = b"2", io.BytesIO()
        npy = b"\x93NUMPY\x01\x00\x46\x00{'descr': '<i8', 'fortran_order': False, 'shape': (), }"
        array.write(npy.ljust(79) + b"\n" + (2).to_bytes(8, "little"))
        return {
            "own-npy": reads("two.npy", "int(np.load('two.npy'))", array.getvalue()),
            "own-json": reads("two.json", "json.load(open('two.json'))", two),
            "own-pickle": reads("two.pkl", "pickle.load(open('two.pkl', 'rb'))", b"I2\n."),
            "own-capitals": reads("TWO.JSON", "json.load(open('TWO.JSON'))", two),
            "own-kind-of-file": reads("two.weights", "int(open('two.weights').read())", two),
            "own-file-in-a-folder": reads(
                "my data/two.bin", "int(open('my data/two.bin').read())", two
            ),
        }

    def characters(self) -> dict[str, Case]:
        def stopped(written: str, error: str, help: str) -> Case:
            text = self.right[LAYERS].decode().replace("return 2 * x", f"return {written}")
            shown = f"return {written}".replace("\u200b", "\ufffd").replace("\xa0", "\ufffd")
            rationale = f"`nn.layers` raised SyntaxError: {error} (nn/layers.py, line 3: `{shown}`)"
            says = dict.fromkeys(("double", "negate"), (rationale, help))
            return self.case(files=self.right | {LAYERS: text.encode()}, score=5, says=says)

        copied = " Such characters come with text that was copied from a web page or a PDF."
        return {
            "no-break-space": stopped(
                "2 *\xa0x",
                "invalid non-printable character U+00A0",
                "There is an invisible character after `return 2 *`: U+00A0 (no-break space). "
                "Delete it, and type an ordinary space if one is needed." + copied,
            ),
            "zero-width-space": stopped(
                "2 * x\u200b",
                "invalid non-printable character U+200B",
                "There is an invisible character after `return 2 * x`: U+200B (zero width space). "
                "Delete it." + copied,
            ),
            "minus-of-a-word-processor": stopped(
                "3 * x \u2212 x",
                "invalid character '\u2212' (U+2212)",
                "Python cannot read the character `\u2212` after `return 3 * x`: U+2212 (minus "
                "sign). Type `-` on the keyboard in its place.",
            ),
            "quotes-of-a-word-processor": stopped(
                "2 * x if \u201cx\u201d else 0",
                "invalid character '\u201c' (U+201C)",
                "Python cannot read the character `\u201c` after `return 2 * x if`: U+201C (left "
                'double quotation mark). Type `"` on the keyboard in its place.',
            ),
        }

    def newer(self) -> dict[str, Case]:
        def line(text: str, error: str, needed: str, what: str) -> Case:
            files = self.right | {LAYERS: self.right[LAYERS] + f"{text}\n".encode()}
            if sys.version_info >= tuple(map(int, needed.split("."))):
                return self.full(files)
            number = self.right[LAYERS].count(b"\n") + 1
            rationale = (
                f"`nn.layers` raised SyntaxError: {error} (nn/layers.py, line {number}: `{text}`)"
            )
            help = (
                f"This line needs Python {needed} or newer ({what}), and submissions are graded "
                f"with {HERE}. Write it so that {HERE} can read it."
            )
            says = dict.fromkeys(("double", "negate"), (rationale, help))
            return self.case(files=files, score=5, says=says)

        braces = "for the quotes, backslash or comment within the braces of an f-string"
        return {
            "quotes-in-an-f-string": line(
                """print(f"{dict(a=1)["a"]}")""", "f-string: unmatched '['", "3.12", braces
            ),
            "type-statement": line(
                "type Array = list", "invalid syntax", "3.12", "`type` statements"
            ),
            "type-parameter": line(
                "def own[T](x: T): return x", "expected '('", "3.12", "type parameters"
            ),
        }

    def places(self) -> dict[str, Case]:
        notebook = json.loads(self.right[NB])
        (cell,) = (cell for cell in notebook["cells"] if cell["id"] == "solution-answer")
        cell["source"] = "answer = 42\n\ndef square(x):\n    return x ** 2"
        in_notebook = self.right | {LOSS: self.released[LOSS], NB: json.dumps(notebook).encode()}
        other = self.right | {
            LOSS: self.released[LOSS],
            LAYERS: self.right[LAYERS] + b"\ndef square(x):\n    return x**2\n",
        }
        missing = {path: data for path, data in in_notebook.items() if path != LOSS}
        stub, absent = "`TODO(square)` is still to be written.", "`nn/loss.py` was not handed in."
        help = "`square` is written in `{}`, and it belongs in `nn/loss.py`: move it there."

        def lost(files: Files, rationale: str, found: str, *problems: str) -> Case:
            says = {"square": (rationale, help.format(found))}
            return self.case(files=files, score=8, problems=problems, says=says)

        return {
            "function-in-the-notebook": lost(in_notebook, stub, NB),
            "function-in-another-module": lost(other, stub, LAYERS),
            "function-in-the-notebook-alone": lost(missing, absent, NB, absent),
        }

    def exports(self) -> dict[str, Case]:
        def instead(name: str, content: bytes, sentence: str) -> Case:
            said = f"`tiny.ipynb` was not handed in. `{name}` {sentence}"
            says = dict.fromkeys(("answer", "triple"), (said, ""))
            files = self.modules | {name: content}
            return self.case(files=files, score=7, problems=(said,), says=says)

        export = (
            "looks like an export of the notebook, which cannot be graded: hand in `tiny.ipynb` "
            "itself."
        )
        link = (
            "has a link, which the grader does not follow: download `tiny.ipynb` (File > "
            "Download > Download .ipynb) and hand it in."
        )
        script = b"#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n\nanswer = 42\n"
        jupytext = (
            b"# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb\n# ---\n\n# +\nanswer = 42\n"
        )
        colab = b'"""tiny.ipynb\n\nAutomatically generated by Colab.\n"""\n\nanswer = 42\n'
        return {
            "export-to-py": instead("tiny.py", script, export),
            "export-by-jupytext": instead("tiny.py", jupytext, export),
            "export-by-colab": instead("tiny.py", colab, export),
            "export-by-an-editor": instead("tiny.py", b"#%%\nanswer = 42\n", export),
            "export-to-marimo": instead("tiny.py", b"import marimo\napp = marimo.App()\n", export),
            "export-to-quarto": instead("tiny.qmd", b"```{python}\nanswer = 42\n```\n", export),
            "page-of-colab": instead("tiny.ipynb - Colab.html", b"<html></html>", export),
            "export-to-html": instead("tiny.html", b"<!DOCTYPE html><html></html>", export),
            "export-to-pdf": instead("hw1_tiny_jdoe.pdf", b"%PDF-1.7", export),
            "link-to-colab": instead(
                "link.txt", b"https://colab.research.google.com/drive/1a2b", link
            ),
        }

    def kinds(self) -> dict[str, Case]:
        """Files of another kind, which somebody has given the released name."""

        def renamed(path: str, content: bytes, kind: str) -> Case:
            wanted = "notebook" if path == NB else "Python file"
            lost = {NB: ("answer", "triple"), LAYERS: ("double", "negate"), LOSS: ("square",)}
            score = {NB: 7, LAYERS: 5, LOSS: 8}[path]
            said = (
                f"`{path}` cannot be read: it is {kind}, and no {wanted}. Hand in the file itself."
            )
            says = dict.fromkeys(lost[path], (said, ""))
            files = self.right | {path: content}
            return self.case(files=files, score=score, problems=(said,), says=says)

        empty = "`nn/layers.py` is empty: hand in the file that you worked on."
        return {
            "zip-that-was-renamed": renamed(NB, zipped(self.right), "a zip"),
            "pdf-that-was-renamed": renamed(LAYERS, b"%PDF-1.7 \0\1", "a PDF"),
            "formatted-module": renamed(
                LAYERS, b"{\\rtf1 def double(x)}", "a text with formatting (RTF)"
            ),
            "page-for-a-module": renamed(LOSS, b"\n<!DOCTYPE html>\n<html></html>", "a web page"),
            "picture-for-a-notebook": renamed(NB, b"\x89PNG\r\n\x1a\n\0", "a picture"),
            "pointer-of-git-lfs": renamed(
                NB, b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS"
            ),
            "only-a-bom": self.case(
                files=self.right | {LAYERS: b"\xef\xbb\xbf"}, score=5, problems=(empty,)
            ),
        }

    def like_names(self) -> dict[str, Case]:
        """A file of the right name and another kind, beside nothing of the right kind."""

        def asked(wanted: str, name: str, before: str = "") -> Case:
            question = (
                f"Is `{name}` meant for it? Then hand it in as `{wanted}` itself, under that name."
            )
            said = f"`{wanted}` was not handed in. {question}"
            files = {path: data for path, data in self.right.items() if path != wanted}
            files[name] = b"{}"
            problems = (before, said) if before else (said,)
            return self.case(files=files, score=7 if wanted == NB else 5, problems=problems)

        def packed(name: str, *left: str) -> Case:
            unopened = f"`{name}` cannot be opened: hand in a .zip, or the files themselves."
            missing = [path for path in (NB, LAYERS, LOSS) if path not in left]
            files = {path: self.right[path] for path in left} | {name: b"\x1f\x8b"}
            said = [f"`{path}` was not handed in." for path in missing]
            return self.case(files=files, score=3 if NB in left else 7, problems=(unopened, *said))

        twice = "`tiny.ipynb.txt.txt` was taken as `tiny.ipynb`: rename it."
        deep = zipped({"b.zip": zipped({"c.zip": zipped({"d.zip": zipped(self.right)})})})
        return {
            "module-in-word": asked(LAYERS, "layers.docx"),
            "module-of-an-editor": asked(LAYERS, "nn/layers.py.bak"),
            "module-that-was-compiled": asked(LAYERS, "nn/layers.pyc"),
            "module-in-the-cloud": asked(LAYERS, "nn/.layers.py.icloud"),
            "half-a-download": asked(NB, "tiny.ipynb.crdownload"),
            "notebook-called-json": asked(NB, "tiny.json"),
            "modules-in-a-tar": packed("nn.tar.gz", NB),
            "notebook-in-a-7z": packed("work.7z", LAYERS, LOSS),
            "suffix-twice": self.full(self.modules | {"tiny.ipynb.txt.txt": self.right[NB]}, twice),
            "four-zips-in-each-other": self.case(
                files={"a.zip": deep, NB: self.right[NB]},
                score=3,
                problems=(
                    "`d.zip` was not opened: it lies in more than two other zips. Hand in the files"
                    " in it.",
                    "`nn/layers.py` was not handed in.",
                    "`nn/loss.py` was not handed in.",
                ),
            ),
        }

    def outputs(self) -> dict[str, Case]:
        notebook = json.loads(self.right[NB])
        (cell,) = (cell for cell in notebook["cells"] if cell["id"] == "solution-answer")
        text = ["x" * 1000 + "\n"] * 33_600
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
        large = json.dumps(notebook).encode()
        cell["outputs"] = []
        cell["source"] = "import torch\nimport math\nanswer = int(math.sqrt(1764))"
        missing = json.dumps(notebook).encode()
        cell["source"] = "import numpy as np\nanswer = {np.int64(42)}.pop()"
        scalar = json.dumps(notebook).encode()
        return {
            "outputs-of-32-MiB": self.full(self.right | {NB: large}),
            "outputs-of-32-MiB-in-a-zip": self.full({"work.zip": zipped(self.right | {NB: large})}),
            "import-that-is-missing": self.full(self.right | {NB: missing}),
            "scalar-of-numpy": self.full(self.right | {NB: scalar}),
        }
