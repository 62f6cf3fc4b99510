"""The words that hidden tests are written in."""
