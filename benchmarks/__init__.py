"""Measurements, always as ratios within one run; may import any part of the product."""
