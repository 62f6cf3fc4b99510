"""Longer texts: the steps of a derivation, and what a rubric looks for. Knows single formulas."""
