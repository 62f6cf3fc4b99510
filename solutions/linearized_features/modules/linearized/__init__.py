"""Small ReLU networks of one number, and the features of their local linearization."""
