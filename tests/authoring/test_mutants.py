"""Mutants and variants: read strictly, applied exactly."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.authoring import (
    AuthoringError,
    load_mutants,
    load_variants,
    mutant_files,
    reference_files,
)
from autograder.authoring.mutants import dependents
from autograder.authoring.source import hidden_tests

EDIT = """
[[edit]]
file = "modules/pkg/work.py"
find = "x + x"
replace = "x"
"""
TRIPLE = f"""\
description = "double gives x back"
loses = ["double"]
says = ["half of"]
{EDIT}
[[edit]]
file = "modules/pkg/work.py"
find = "twice_the_number"
replace = "y"
count = 2
"""
HEAD = 'description = "d"\nloses = ["double"]\n'
MUTANT = "solutions/tiny/mutants/m.toml"
VARIANT = "solutions/tiny/variants/v.toml"


def mutant_error(tiny: Any, text: str) -> str:
    tiny.write("mutants/m.toml", text)
    with pytest.raises(AuthoringError) as raised:
        apply_mutants(tiny)
    return str(raised.value)


def apply_mutants(tiny: Any) -> None:
    for mutant in load_mutants(tiny.assignment):
        mutant_files(tiny.assignment, mutant)


def variant_error(tiny: Any, text: str) -> str:
    tiny.write("variants/v.toml", text)
    with pytest.raises(AuthoringError) as raised:
        load_variants(tiny.assignment)
    return str(raised.value)


def test_without_files_there_are_none(tiny: Any) -> None:
    assert load_mutants(tiny.assignment) == ()
    assert load_variants(tiny.assignment) == ()


def test_a_mutant_is_read_and_applied(tiny: Any) -> None:
    tiny.write("mutants/triple.toml", TRIPLE)
    tiny.write("mutants/another.toml", HEAD + EDIT)
    another, mutant = load_mutants(tiny.assignment)
    assert (another.name, another.says) == ("another", ())
    assert (mutant.name, mutant.description) == ("triple", "double gives x back")
    assert (mutant.loses, mutant.says) == (("double",), ("half of",))
    files = mutant_files(tiny.assignment, mutant)
    assert b"    y = x\n    return y\n" in files["pkg/work.py"]
    reference = reference_files(tiny.assignment)
    assert {path for path in files if files[path] != reference[path]} == {"pkg/work.py"}


def test_a_variant_may_replace_a_file(tiny: Any) -> None:
    other = "def double(x):\n    return 2 * x\n\n\ndef quadruple(x):\n    return 4 * x\n"
    tiny.write("variants/other_work.py", other)
    tiny.write(
        "variants/v.toml",
        'description = "products"\n[[replace]]\nfile = "modules/pkg/work.py"\n'
        'with = "other_work.py"\n[[edit]]\nfile = "lessons/tiny.py"\n'
        """find = '{"a", "c"}'\nreplace = '["c", "a"]'\n""",
    )
    (variant,) = load_variants(tiny.assignment)
    files = mutant_files(tiny.assignment, variant)
    assert files == reference_files(tiny.assignment, variant.edits)
    assert files["pkg/work.py"].decode() == other
    cells = ["".join(cell["source"]) for cell in json.loads(files["tiny.ipynb"])["cells"]]
    assert cells[5] == 'choice = ["c", "a"]'


def test_a_mutant_may_be_no_python_at_all(tiny: Any) -> None:
    tiny.write("mutants/m.toml", HEAD + EDIT.replace('"x"', '"x +"'))
    (mutant,) = load_mutants(tiny.assignment)
    assert b"= x +\n" in mutant_files(tiny.assignment, mutant)["pkg/work.py"]


def test_an_edit_may_delete(tiny: Any) -> None:
    tiny.write("mutants/m.toml", HEAD + EDIT.replace('"x"', '""').replace("x + x", " + x"))
    (mutant,) = load_mutants(tiny.assignment)
    assert b"twice_the_number = x\n" in mutant_files(tiny.assignment, mutant)["pkg/work.py"]


def test_dependents_are_found_by_way_of_others(tiny: Any) -> None:
    checks = hidden_tests(tiny.assignment)
    assert dependents("double", checks) == {"quadruple"}
    assert dependents("quadruple", checks) == frozenset()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", "1: the file is not TOML: Invalid value (at end of document)"),
        (
            f'description = "d"\n{EDIT}',
            "1: a mutant loses something; one that loses nothing is a variant",
        ),
        (
            f'{HEAD}lose = "a"\n{EDIT}',
            "1: unknown key 'lose' in the file; "
            "there are: description, loses, loses_with, says, diagnosis, help, edit",
        ),
        (f'loses = ["double"]\n{EDIT}', "1: the file needs `description`"),
        (
            f'description = "a\\nb"\nloses = ["double"]\n{EDIT}',
            "1: `description` in the file is not one line of text",
        ),
        (
            f'description = "d"\nloses = []\n{EDIT}',
            "1: a mutant loses something; one that loses nothing is a variant",
        ),
        (
            f'description = "d"\nloses = "double"\n{EDIT}',
            "1: `loses` in the file is not a list of texts",
        ),
        (f"{HEAD}says = [1]\n{EDIT}", "1: `says` in the file is not a list of texts"),
        (
            f'description = "d"\nloses = ["duoble"]\n{EDIT}',
            "1: `loses` names 'duoble', which is no hidden test; "
            "there are: double, quadruple, choice",
        ),
        (
            f'description = "d"\nloses = ["choice", "choice"]\n{EDIT}',
            "1: `loses` names 'choice' twice",
        ),
        (
            f'description = "d"\nloses = ["double", "quadruple"]\n{EDIT}',
            "1: `quadruple` needs `double`, so it will be skipped; `loses` names `double` only",
        ),
        (f"{HEAD}loses_with = 1\n{EDIT}", "1: `loses_with` in the file is not a table"),
        (
            f'{HEAD}[loses_with]\nmnist = ["duoble"]\n{EDIT}',
            "1: `loses` names 'duoble', which is no hidden test; "
            "there are: double, quadruple, choice",
        ),
        (HEAD, "1: there is no [[edit]]; without one this is the reference"),
        (f"{HEAD}edit = 1\n", "1: `edit` in the file is not written as [[edit]]"),
        (
            f"{HEAD}{EDIT}with = 'a.py'",
            "4: unknown key 'with' in [[edit]]; there are: file, find, replace, count",
        ),
        (f"{HEAD}{EDIT}{EDIT.replace('find', '# find')}", "9: [[edit]] needs `find`"),
        (f"{HEAD}{EDIT.replace('x + x', '')}", "4: `find` in [[edit]] is empty"),
        (f"{HEAD}{EDIT}count = 0", "4: `count` in [[edit]] is not a whole number above 0"),
        (f"{HEAD}{EDIT}count = true", "4: `count` in [[edit]] is not a whole number above 0"),
        (
            f"{HEAD}{EDIT}count = 2",
            "4: `find` occurs 1 times in modules/pkg/work.py, not 2: 'x + x'",
        ),
        (
            f"{HEAD}{EDIT.replace('x + x', 'return')}",
            "4: `find` occurs 2 times in modules/pkg/work.py, not 1: 'return'",
        ),
        (
            f"{HEAD}{EDIT}{EDIT}",
            "9: `find` occurs 0 times in modules/pkg/work.py, not 1: 'x + x'",
        ),
        (f"{HEAD}{EDIT.replace('x + x', 'x')}", "4: `find` and `replace` are the same"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tiny: Any, text: str, message: str) -> None:
    assert mutant_error(tiny, text) == f"{MUTANT}:{message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'description = "d"',
            "1: there is no [[edit]] or [[replace]]; without one this is the reference",
        ),
        (
            f"{HEAD}{EDIT}",
            "1: unknown key 'loses' in the file; there are: description, edit, replace",
        ),
        (
            'description = "d"\n[[replace]]\nfile = "README.md"\nwith = "a.md"',
            "2: `with` names 'a.md', and there is no such file next to this one",
        ),
        (
            'description = "d"\n[[replace]]\nfile = "README.md"\nwith = "../README.md"',
            "2: `with` names '../README.md', and there is no such file next to this one",
        ),
        ('description = "d"\n[[replace]]\nwith = "a.md"\n', "2: `with` names 'a.md', and"),
    ],
)
def test_variants_are_read_as_strictly(tiny: Any, text: str, message: str) -> None:
    assert variant_error(tiny, text).startswith(f"{VARIANT}:{message}")


def test_an_edit_of_a_file_that_is_no_source_is_refused(tiny: Any) -> None:
    text = HEAD + EDIT.replace("modules/pkg", "pkg")
    expected = "`pkg/work.py` is no lesson, module or README of tiny"
    assert mutant_error(tiny, text) == f"solutions/tiny/pkg/work.py:1: {expected}"


@pytest.mark.parametrize(("dataset", "loses"), [("digits", "choice"), ("mnist", "double")])
def test_a_mutant_may_lose_other_checks_with_another_data_set(
    tiny: Any, dataset: str, loses: str
) -> None:
    other = f'[loses_with]\n{dataset} = ["choice"]\n'
    tiny.write("mutants/m.toml", HEAD + other + EDIT)
    (mutant,) = load_mutants(tiny.assignment)
    assert mutant.loses == (loses,)
