"""Reading written mathematics: text to expression to shapes. Knows no values and no reference.

These files travel with the released folder; they import NumPy's and Python's things only.
"""
