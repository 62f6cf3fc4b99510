"""The hidden test of the table of predictions."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.check import Finding, check
from autograder.sandbox.remote import Student

from .formulas import random_parameters, scores

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator


@check("predictions", points=1, needs="two_layer_scores")
def predictions(student: Student, rng: Generator) -> None:
    """write_predictions writes one line for each image, numbered from 0."""
    model = student.classifiers.fc_net.TwoLayerNet(input_dim=12, hidden_dim=8, num_classes=5)
    params = random_parameters(rng, (12, 8, 5))
    for name, value in params.items():
        model.params[name] = value
    X = rng.standard_normal((23, 3, 2, 2))
    for number, images in enumerate((X, X[:7][::-1])):
        path = f"hidden_predictions_{number}.csv"
        student.notebook().write_predictions(model, images, path)
        _expect_table(student.read_file(path), scores(params, images))


def _expect_table(content: bytes, right_scores: Array) -> None:
    """Id,Category and a line for each image; line ends and spaces do not matter."""
    classes = right_scores.argmax(axis=1)
    lines = [
        [cell.strip().strip('"') for cell in line.split(",")]
        for line in content.decode("utf-8-sig", errors="replace").splitlines()
        if line.strip()
    ]
    if not lines or [cell.lower() for cell in lines[0]] != ["id", "category"]:
        raise Finding("The first line of the CSV file should be `Id,Category`.")
    if len(lines) - 1 != len(classes):
        found = f"The CSV file has {len(lines) - 1} predictions for {len(classes)} images"
        if len(lines) - 1 == right_scores.shape[1]:
            raise Finding(f"{found}: as many as there are classes. Over which axis is the largest?")
        raise Finding(f"{found}.")
    if [cells[-1:] for cells in lines[1:]] == [[str(n)] for n in right_scores.argmin(axis=1)]:
        raise Finding("Each image has the class with the smallest score; the largest one counts.")
    for number, (cells, right) in enumerate(zip(lines[1:], classes, strict=True)):
        if _whole(cells[0]) != number:
            raise Finding(f"Line {number + 2} has the id {cells[0][:20]!r}, expected {number}.")
        if len(cells) != 2 or _whole(cells[1]) != int(right):
            raise Finding(
                f"Image {number} has the class {','.join(cells[1:])[:20]!r}, expected {right}.",
                "The class is the index of the largest score.",
            )


def _whole(text: str) -> int | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() else None
