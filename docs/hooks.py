"""The files at the top of the repository as pages of the site. Used by mkdocs alone.

README, SECURITY, CONTRIBUTING and CHANGELOG are written once, where people look for them; here they
get a name in the site, and links between them and `docs/` are turned to it. Links to other files of
the repository lead to nothing in a site, so they are shown as names.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "README.md": "index.md",
    "SECURITY.md": "security.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
_LINK = re.compile(r"\[([^]]*)\]\((?!https?:|#|mailto:)([^)#\s]*)(#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that do not lie in `docs/`."""
    for source, name in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, name, content=turned(text, ROOT)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn the links of the pages that do lie there."""
    return markdown if page.file.generated_by else turned(markdown, ROOT / "docs")


def turned(text: str, folder: Path) -> str:
    """The text with each relative link as the site needs it; `folder` is where the text lies."""

    def link(match: re.Match[str]) -> str:
        words, path, anchor = match[1], match[2], match[3] or ""
        target = (folder / path).resolve()
        name = target.relative_to(ROOT).as_posix() if target.is_relative_to(ROOT) else path
        if name in PAGES:
            return f"[{words}]({PAGES[name]}{anchor})"
        if name.startswith("docs/") and target.suffix == ".md":
            return f"[{words}]({name.removeprefix('docs/')}{anchor})"
        return words

    return _LINK.sub(link, text)
