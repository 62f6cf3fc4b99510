"""The untrusted side: launching and limiting the worker, and talking to it from the judge."""
