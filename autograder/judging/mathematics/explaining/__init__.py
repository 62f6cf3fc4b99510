"""What is said to an answer: the judgement, and the search for why it is wrong."""
