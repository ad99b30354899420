"""Measurements for the README: ``make bench``. Nothing here is a test; no time is asserted."""
