"""From `solutions/` to `assignments/`: the only way in which a released file comes about."""

from .build import build, reference_files, release_files, stale
from .errors import AuthoringError
from .mutants import Edit, Mutant, Replacement, Variant, load_mutants, load_variants, mutant_files
from .notebook_run import run_notebook
from .settings import SettingsError, read_assignment, source_slugs
from .verify import Row, VerifyResult, verify

__all__ = [
    "AuthoringError",
    "Edit",
    "Mutant",
    "Replacement",
    "Row",
    "SettingsError",
    "Variant",
    "VerifyResult",
    "build",
    "load_mutants",
    "load_variants",
    "mutant_files",
    "read_assignment",
    "reference_files",
    "release_files",
    "run_notebook",
    "source_slugs",
    "stale",
    "verify",
]
