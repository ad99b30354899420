"""Subnet slicing: a part of a network's channels and stages, on the same weights."""
