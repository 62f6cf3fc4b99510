"""The call that failed, as Python that a student runs in the folder that was handed in.

It has the inputs and the right value of this one call as numbers; no seed, and nothing of another
check. It is made of what the check asked the student's code for, and of no source of a check.
"""

from __future__ import annotations

import itertools
import keyword
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.exhibit import MAX_TRYOUT
from autograder.judging.shown import Compared
from autograder.sandbox.messages import (
    Call,
    Fetch,
    GetAttribute,
    GetItem,
    GetModule,
    GetNotebook,
    Keep,
    SetAttribute,
    SetItem,
    Unpack,
)
from autograder.sandbox.tracing import TracedRequest

from .literals import Literals

HEAD = '''"""The call in the check `{check}` that failed, with the inputs that were drawn for you.

Save this in the folder that you handed in, and run it there: python try_{check}.py
{notes}"""
'''
REPLACED = """
The grader made this call with the course's part in place of yours, as the finding says. Here yours
is called, so what comes out shows that mistake as well. Mend that part first.
"""
STOOD_IN = """
Its images are too many for a file. Numbers drawn at random, within the same bounds and of the same
shape, take their place. So the exception comes again, and values and accuracies are others.
"""
NOTEBOOK = '''

def definitions(path):
    """What a notebook imports, defines and assigns without training."""
    names = {"__name__": "notebook"}
    for cell in json.loads(Path(path).read_text(encoding="utf-8"))["cells"]:
        lines = "".join(cell["source"]).splitlines() if cell["cell_type"] == "code" else []
        code = "\\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
        for statement in ast.parse(code).body:
            calls = any(isinstance(part, ast.Call) for part in ast.walk(statement))
            kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
            if isinstance(statement, kinds) or (isinstance(statement, ast.Assign) and not calls):
                with contextlib.suppress(Exception):  # it needs something that is left out
                    exec(compile(ast.Module([statement], []), path, "exec"), names)
    return SimpleNamespace(**names)


'''
ENDING = """got = {got}
print("got", got, sep="\\n")
"""
COMPARING = """expected = {expected}
print("expected", expected, sep="\\n")
print("largest difference", np.max(np.abs(np.reshape(got, np.shape(expected)) - expected)))
"""
TOO_LARGE = "The inputs of this check are too large to be written into a file."
LONG = 60  # characters of an argument
NO_CALL = "This check calls no function of yours: it looks at an answer or at a file."


def tryout(
    requests: Sequence[TracedRequest],
    *,
    check: str,
    notebooks: Mapping[str, str],
    modules: Collection[str],
    compared: Compared | None = None,
    notes: str = "",
) -> str:
    """Python that makes these requests again; empty where that is longer than a result may keep.

    Parameters
    ----------
    requests : as `leading_to` gives them; the last one is the one that the finding is about.
    check : its id.
    notebooks, modules : of the assignment: notebooks' paths by name, and modules by full name.
    compared : the values that were held against each other, if any were.
    notes : what is to be said of it at its top.
    """
    writer = _Writer(requests, notebooks, modules)
    body = "".join(f"{line}\n" for line in writer.lines())
    if compared is not None:
        body += COMPARING.format(expected=writer.literals.written(compared.right))
    unpacking = writer.literals.unpacking()
    text = HEAD.format(check=check, notes=notes) + writer.imports(packed=bool(unpacking))
    text += (NOTEBOOK if writer.opens_notebook else "\n") + (f"{unpacking}\n" if unpacking else "")
    text += body
    return text if len(text) <= MAX_TRYOUT else ""


class _Writer:
    """Turns requests into statements, and objects into expressions."""

    def __init__(
        self,
        requests: Sequence[TracedRequest],
        notebooks: Mapping[str, str],
        modules: Collection[str],
    ) -> None:
        self._requests = requests
        self._notebooks = notebooks
        self._known = modules
        self._fixed: set[int] = set()  # modules, and what was read from one
        self._expressions: dict[int, str] = {}
        self._names: set[str] = {"got", "expected", "inputs", "definitions", "np"}
        self._modules: list[str] = []
        self.literals = Literals(self._expressions.__getitem__)
        self.opens_notebook = False

    def lines(self) -> list[str]:
        """The statements, the last of which prints what came out."""
        return [line for place, one in enumerate(self._requests) for line in self._line(place, one)]

    def imports(self, *, packed: bool) -> str:
        """The import statements; complete once the lines are written."""
        standard = ["ast", "contextlib", "json"] if self.opens_notebook else []
        standard += ["base64", "io"] if packed else []
        named = "from pathlib import Path\nfrom types import SimpleNamespace\n"
        text = "".join(f"import {name}\n" for name in sorted(standard))
        text += named if self.opens_notebook else ""
        own = "".join(f"import {name}\n" for name in dict.fromkeys(self._modules))
        return f"{text}{chr(10) if text else ''}import numpy as np\n" + (f"\n{own}" if own else "")

    def _line(self, place: int, one: TracedRequest) -> list[str]:
        last = place == len(self._requests) - 1
        match one.what:
            case GetModule(name):
                self._modules.append(name)
                self._names.add(name.partition(".")[0])
                self._expressions[one.results[0]] = name
                self._fixed |= set(one.results)
            case GetNotebook(name):
                self.opens_notebook = True
                path = self._notebooks.get(name, f"{name}.ipynb")
                return self._assign(one, "notebook", f"definitions({path!r})")
            case Fetch():
                return [ENDING.format(got=self._of(one)).rstrip()] if last else []
            case SetAttribute(_, name, _):
                return [f"{self._of(one)}.{name} = {self.literals.written(one.args[0])}"]
            case SetItem():
                key, value = map(self.literals.written, one.args)
                return [f"{self._of(one)}[{key}] = {value}"]
            case Keep():
                return self._assign(one, "given", self.literals.written(one.args[0]))
            case Call():
                return self._call(one, last=last)
            case Unpack():
                for number, handle in enumerate(one.results):
                    self._expressions[handle] = f"{self._of(one)}[{number}]"
            case GetAttribute() | GetItem():
                return self._read(place, one, last=last)
        return []

    def _of(self, one: TracedRequest) -> str:
        assert one.target is not None
        return self._expressions[one.target]

    def _read(self, place: int, one: TracedRequest, *, last: bool) -> list[str]:
        """An attribute or an item: written where it is used, if nothing can change it before."""
        what = one.what
        name = what.name if isinstance(what, GetAttribute) else ""
        end = f".{name}" if name else f"[{self.literals.written(one.args[0])}]"
        expression = self._of(one) + end
        if last or not one.results:
            return [ENDING.format(got=expression).rstrip()]
        if expression in self._known:
            self._modules.append(expression)
        if one.target in self._fixed:
            self._fixed |= set(one.results)
        if one.target in self._fixed or self._stays(place, one.results[0]):
            self._expressions[one.results[0]] = expression
            return []
        return self._assign(one, name or "item", expression)

    def _stays(self, place: int, handle: int) -> bool:
        uses = [at for at, one in enumerate(self._requests) if handle in one.used()]
        between = self._requests[place + 1 : max(uses, default=place)]
        return not any(isinstance(one.what, Call | SetItem | SetAttribute) for one in between)

    def _call(self, one: TracedRequest, *, last: bool) -> list[str]:
        before: list[str] = []
        arguments = [self._argument(value, "", before) for value in one.args]
        arguments += [self._argument(value, key, before) for key, value in one.kwargs.items()]
        function = self._of(one)
        call = f"{function}({', '.join(arguments)})"
        if last or not one.results:
            return [*before, *ENDING.format(got=call).rstrip().split("\n")]
        short = function.rsplit(".", 1)[-1]
        name = short.lower() if short[:1].isupper() else "result"
        return [*before, *self._assign(one, name, call)]

    def _argument(self, value: Any, key: str, before: list[str]) -> str:
        """An argument of a call; a long one is given a name in the lines before."""
        text = self.literals.written(value)
        if len(text) > LONG and isinstance(value, np.ndarray):
            name = self._free(key or "array")
            before.append(f"{name} = {text}")
            text = name
        return f"{key}={text}" if key else text

    def _assign(self, one: TracedRequest, name: str, expression: str) -> list[str]:
        chosen = self._free(name)
        self._expressions[one.results[0]] = chosen
        return [f"{chosen} = {expression}"]

    def _free(self, name: str) -> str:
        """A name that nothing has yet, like the one that is wanted."""
        wanted = name if name.isidentifier() and not keyword.iskeyword(name) else "value"
        numbered = (f"{wanted}_{number}" for number in itertools.count(2))
        chosen = (
            wanted
            if wanted not in self._names
            else next(one for one in numbered if one not in self._names)
        )
        self._names.add(chosen)
        return chosen
