"""From one submission to a `Report`, and from a class to many."""
