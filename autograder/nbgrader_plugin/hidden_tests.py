"""Takes hidden tests out of the feedback of adopted assignments. Knows no score."""

from __future__ import annotations

from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor  # type: ignore[import-untyped]
from nbgrader.utils import is_grade, is_solution  # type: ignore[import-untyped]

from autograder.adopt.handed_out import visible_only


class HideTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Shows a test cell as it was handed out; what came of it is in its output and its score."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """See the class."""
        for cell in nb.cells:
            if is_grade(cell) and not is_solution(cell):
                cell.source = visible_only(cell.source)
        return nb, resources
