"""nbgrader's check of a notebook's metadata, once for each that differs. Changes no notebook."""

from __future__ import annotations

import json
from typing import Any

from nbgrader.preprocessors import CheckCellMetadata  # type: ignore[import-untyped]


class CheckOnce(CheckCellMetadata):  # type: ignore[misc]
    """As nbgrader's step, which reads and compiles its schema anew for every cell.

    `RestoreCells` has given each notebook of a class the released metadata, so that one look at
    them is enough. What has not been found right before is looked at by nbgrader.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """See the class. Raises `ValidationError`, as nbgrader does."""
        marks = [[cell.cell_type, cell.metadata.get("nbgrader")] for cell in nb.cells]
        found = json.dumps([mark for mark in marks if mark[1] is not None], sort_keys=True)
        if found not in self.parent.checked:
            nb, resources = super().preprocess(nb, resources)
            self.parent.checked.add(found)
        return nb, resources
