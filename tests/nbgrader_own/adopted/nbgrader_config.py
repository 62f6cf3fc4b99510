"""Our settings in front of all others, and each assignment adopted before nbgrader comes to it."""

import functools
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde

from autograder.adopt.adopting import NothingToAdoptError, adopt
from autograder.adopted import record_path
from autograder.nbgrader_plugin import configure
from autograder.nbgrader_plugin.ours import OurAssignments


def adopting_first(asked_for: Any) -> Any:
    """Adopt what is asked for, in the course directory that nbgrader works on."""

    @functools.wraps(asked_for)
    def ask(self: Any, converter: Any) -> Any:
        root, slug = Path(converter.coursedir.root), converter.coursedir.assignment_id
        source = root / "source" / slug
        if isinstance(converter, Autograde) and source.is_dir():
            (root / "course.toml").touch()
            try:
                adopt(source, level="bubblewrap", hidden="hidden")
            except NothingToAdoptError:
                record_path(root / "source", slug).unlink(missing_ok=True)
        if (root / "course.toml").exists():
            self.course = str(root)
        return asked_for(self, converter)

    return ask


configure(get_config())  # type: ignore[name-defined]  # noqa: F821 - given by nbgrader
if not hasattr(OurAssignments.asked_for, "__wrapped__"):  # nbgrader's tests read this many times
    OurAssignments.asked_for = adopting_first(OurAssignments.asked_for)
