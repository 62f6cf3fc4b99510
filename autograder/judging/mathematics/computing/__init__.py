"""Values: the data of a question, and what an expression gives on them. Knows no question."""
