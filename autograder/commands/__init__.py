"""The commands by their subject, and what surrounds each: options, exit codes, `--verbose`."""
