"""What a sandbox level is: how its template is started, and why it may not be available here."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

# The worker's package; everything beside it is none of a submission's business.
PACKAGE = Path(__file__).resolve().parent.parent
SECRETS = ("autograder", "solutions", "assignments", "tests", ".git")
BOOT = "import sys; sys.path.insert(0, {0!r}); import autograder.sandbox.template as t; {1}t.main()"
PYTHON_OPTIONS = ("-P", "-s", "-B", "-u", "-c")
ENVIRONMENT = {
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
    # One thread each: several submissions run at once, and BLAS would oversubscribe the cores.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class Level(Protocol):
    """One way of isolating workers; `namespaces` has the part that is done inside."""

    name: str
    protects: str
    own_files: bool  # whether a worker has file systems of its own, which end with it

    def why_not(self) -> str:
        """Why the level is not available here, or an empty string."""

    def command(self) -> list[str]:
        """The command that starts the template, up to the template's own arguments."""

    def environment(self, home: Path) -> dict[str, str]:
        """The whole environment of the command; `home` is a folder for the template alone."""

    def folder(self, home: str) -> str:
        """Where a worker with that `home` puts the submission, as it sees it."""
