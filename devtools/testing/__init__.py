"""Runs all test projects of the repository; `make test` starts `python -m devtools.testing`."""
