"""The untrusted side: launching and limiting the worker, and talking to it from the judge."""

from .levels import LEVELS, UnavailableLevelError, UnknownLevelError, diagnose, get_level
from .limits import Limits
from .session import LostError, SandboxError, Session

__all__ = [
    "LEVELS",
    "Limits",
    "LostError",
    "SandboxError",
    "Session",
    "UnavailableLevelError",
    "UnknownLevelError",
    "diagnose",
    "get_level",
]
