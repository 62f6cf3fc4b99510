"""From `solutions/` to `assignments/`: the only way in which a released file comes about."""

from .build import build, reference_files, release_files, stale
from .confusion import MistakeMessage, messages_of, write_confusion_table
from .errors import AuthoringError
from .follow_table import MistakeCost, write_follow_table
from .hidden import build_hidden, stale_hidden
from .mutants import (
    Mutant,
    Replacement,
    TextEdit,
    Variant,
    load_mutants,
    load_variants,
    mutant_files,
)
from .mutation_score import MutationScore, mutation_scores
from .mutation_table import write_mutation_table
from .notebook_run import run_notebook
from .scaffold import Scaffolded, ScaffoldError, copy_assignment, init_course, new_assignment
from .seed_runs import SeedResult, seed_results, write_seed_table
from .settings import SettingsError, read_assignment, source_slugs
from .verify import COMBINED, VerifiedRow, VerifyResult, verify, verify_all

__all__ = [
    "COMBINED",
    "AuthoringError",
    "MistakeCost",
    "MistakeMessage",
    "Mutant",
    "MutationScore",
    "Replacement",
    "ScaffoldError",
    "Scaffolded",
    "SeedResult",
    "SettingsError",
    "TextEdit",
    "Variant",
    "VerifiedRow",
    "VerifyResult",
    "build",
    "build_hidden",
    "copy_assignment",
    "init_course",
    "load_mutants",
    "load_variants",
    "messages_of",
    "mutant_files",
    "mutation_scores",
    "new_assignment",
    "read_assignment",
    "reference_files",
    "release_files",
    "run_notebook",
    "seed_results",
    "source_slugs",
    "stale",
    "stale_hidden",
    "verify",
    "verify_all",
    "write_confusion_table",
    "write_follow_table",
    "write_mutation_table",
    "write_seed_table",
]
