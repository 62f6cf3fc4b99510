"""Hidden tests of a made-up assignment; copied to a folder of its own for every test."""

from . import answers, functions

PARTS = (functions, answers)
