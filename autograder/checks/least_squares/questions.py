"""Where the specifications of the written questions are."""

from pathlib import Path

FOLDER = Path(__file__).parent / "written"
