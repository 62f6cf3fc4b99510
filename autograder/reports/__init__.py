"""Reports for people and other programs, each a function of plain results."""
