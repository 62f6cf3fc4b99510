"""One class for each kind of answer: a formula, an equation, a choice, an order, a function."""
