"""Where the specifications are: of the written questions, and of functions by a formula."""

from pathlib import Path

FOLDER = Path(__file__).parent / "written"
CODE = Path(__file__).parent / "code"
