"""One mistake at all places of a function, and what a student is told of it."""

from __future__ import annotations

from autograder.mutation import CodeMutant, mutants_everywhere

LAYERS = """\
def forward(X, params, scale, y):
    rows = X.reshape(len(X), -1)
    first = np.maximum(0, rows @ params["W1"] + params["b1"])
    second = np.maximum(0, first @ params["W2"] + params["b2"])
    return scale * second + 2 * scale
"""


def everywhere() -> dict[str, CodeMutant]:
    lines = range(1, LAYERS.count("\n") + 1)
    return {one.after: one for one in mutants_everywhere(LAYERS, path="m.py", lines=lines)}


def told(before: str, after: str) -> str:
    """The sentence of the mutant that has one text instead of the other, wherever it stands."""
    wrong = LAYERS.replace(before, after)
    return next(one.sentence for one in everywhere().values() if one.text == wrong)


def test_an_edit_is_made_at_all_places_of_its_form() -> None:
    wrong = LAYERS
    for layer in ("rows", "first"):
        number = 1 if layer == "rows" else 2
        inner = f'{layer} @ params["W{number}"]'
        bias = f'params["b{number}"]'
        outside = f"(np.maximum(0, {inner}) + {bias})"
        wrong = wrong.replace(f"np.maximum(0, {inner} + {bias})", outside)
    found = next(one for one in everywhere().values() if one.text == wrong)
    assert found.sentence == "A term stands behind `maximum` that belongs inside of it."


def test_names_that_differ_from_place_to_place_are_not_told() -> None:
    wrong = LAYERS.replace(' + params["b1"]', "").replace(' + params["b2"]', "")
    wrong = wrong.replace('rows @ params["W1"]', '(rows @ params["W1"])')
    wrong = wrong.replace('first @ params["W2"]', '(first @ params["W2"])')
    found = next(one for one in everywhere().values() if one.text == wrong)
    assert found.sentence == "A term is missing."


def test_an_argument_is_changed_wherever_it_is_read() -> None:
    assert told("scale * second + 2 * scale", "(scale / 2) * second + 2 * (scale / 2)") == (
        "This is the answer with `scale / 2` in place of `scale`."
    )
    assert told("X.reshape", "(X / 255).reshape") == (
        "This is the answer with `X / 255` in place of `X`."
    )
    assert told("scale * second + 2 * scale",
                "(scale / len(X)) * second + 2 * (scale / len(X))") == (
        "This is the answer with `scale / len(X)` in place of `scale`."
    )  # fmt: skip


def test_labels_may_be_counted_from_one_and_be_predictions() -> None:
    text = "def loss(scores, y):\n    return scores[np.arange(len(y)), y].mean()\n"
    found = mutants_everywhere(text, path="m.py", lines=(1, 2))
    said = {one.sentence for one in found}
    assert "This is the answer with `y - 1` in place of `y`." in said
    assert "The predicted classes are used where `y` belongs." in said


def test_lengths_and_unread_arguments_stay() -> None:
    texts = [one.text for one in everywhere().values()]
    assert not any("len((" in text or "def forward((" in text for text in texts)


def test_only_the_lines_that_are_asked_for_are_changed() -> None:
    assert mutants_everywhere(LAYERS, path="m.py", lines=()) == ()
