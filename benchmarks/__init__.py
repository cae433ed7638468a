"""Measurements: always ratios of two things in one run on one machine, never absolute promises."""
