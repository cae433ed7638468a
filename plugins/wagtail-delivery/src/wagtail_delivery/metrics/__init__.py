"""Counts what happens, for Prometheus; off, and without its library, unless METRICS is set.

Each process counts in files of its own in one folder (the multiprocess mode of prometheus_client),
so any process of the machine can show the sum of all. What the database knows is read when it is
asked for.
"""
