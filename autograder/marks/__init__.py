"""Final marks: the automatic results, and what people have decided in ``marks.csv``.

The results stay what they are. Every mark is computed from both whenever it is asked for:
`sheet` reads the rows, `decisions` what they say, `late` the due dates, and `compute` puts them
together with the results. Imports nothing here, for the command line asks for little of it.
"""
