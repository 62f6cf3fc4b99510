"""From `solutions/` to `assignments/`: the only way in which a released file comes about."""

from .build import build, reference_files, release_files, stale
from .errors import AuthoringError
from .mutants import (
    Mutant,
    Replacement,
    TextEdit,
    Variant,
    load_mutants,
    load_variants,
    mutant_files,
)
from .verify import VerifiedRow, VerifyResult, verify

__all__ = [
    "AuthoringError",
    "Mutant",
    "Replacement",
    "TextEdit",
    "Variant",
    "VerifiedRow",
    "VerifyResult",
    "build",
    "load_mutants",
    "load_variants",
    "mutant_files",
    "reference_files",
    "release_files",
    "stale",
    "verify",
]
