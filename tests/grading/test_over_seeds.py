"""Checks of right solutions over many seeds: which of them can differ, and what fails."""

from __future__ import annotations

from autograder.assignment import load_assignment
from autograder.authoring import load_mutants, load_variants, mutant_files, reference_files
from autograder.course import shipped_course
from autograder.grading import over_seeds

SLUG, COURSE = "fully_connected_nets", shipped_course()
ASSIGNMENT = load_assignment(SLUG, COURSE)
IDS = ("sgd", "relu_forward", "two_layer_loss", "train_test_gap")


def editable(name: str) -> dict[str, bytes]:
    known = {one.name: one for one in (*load_variants(ASSIGNMENT), *load_mutants(ASSIGNMENT))}
    edited = name in known
    files = mutant_files(ASSIGNMENT, known[name]) if edited else reference_files(ASSIGNMENT)
    return {path: files[path] for path in ASSIGNMENT.editable}


def test_checks_that_train_are_left_out() -> None:
    ids = over_seeds.exact_checks(SLUG, COURSE)
    assert {"affine_forward", "svm_loss"} <= set(ids)
    assert not {"tuning", "two_layer_training", "overfit_five_layers"} & set(ids)


def test_a_check_differs_where_it_runs_a_function_that_does() -> None:
    plain = over_seeds.asked(SLUG, COURSE, editable("reference"), IDS)
    other = over_seeds.asked(SLUG, COURSE, editable("sgd_in_place"), IDS)
    assert [id for id in IDS if plain[id].functions != other[id].functions] == ["sgd"]
    again = over_seeds.asked(SLUG, COURSE, editable("reference"), IDS)
    assert again == plain


def test_a_check_of_an_answer_calls_nothing() -> None:
    found = over_seeds.asked(SLUG, COURSE, editable("reference"), IDS)
    assert {id: (one.calls, one.notebook) for id, one in found.items()} == {
        "sgd": (True, False),
        "relu_forward": (True, False),
        "two_layer_loss": (True, False),
        "train_test_gap": (False, True),
    }


def test_what_stands_beside_functions_is_a_frame() -> None:
    plain = over_seeds.frames(editable("reference"))
    answers = over_seeds.frames(editable("answers_in_other_forms"))
    assert {path for path in plain if plain[path] != answers[path]} == {
        "fully_connected_nets.ipynb"
    }
    assert over_seeds.frames(editable("sgd_in_place")) == plain


def test_the_seeds_that_fail_are_told_with_the_first_reason() -> None:
    mutant = next(one for one in load_mutants(ASSIGNMENT) if one.loses == ("relu_forward",))
    failing, passing = over_seeds.run_seeds(
        SLUG, COURSE, editable(mutant.name), ("relu_forward", "sgd"), 4, 7
    )
    assert (failing.check, failing.seeds, failing.failed) == ("relu_forward", 3, (4, 5, 6))
    assert failing.said.startswith("Finding: ")
    assert (passing.failed, passing.said) == ((), "")
