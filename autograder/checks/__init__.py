"""Hidden tests: one module per assignment, written in the words of `autograder.judging`."""
