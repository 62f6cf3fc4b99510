"""From `solutions/` to `assignments/`: the only way in which a released file comes about."""

from .build import build, reference_files, release_files, stale
from .errors import AuthoringError

__all__ = ["AuthoringError", "build", "reference_files", "release_files", "stale"]
