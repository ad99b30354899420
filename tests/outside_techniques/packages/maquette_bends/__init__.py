"""A package from outside, for tests."""
