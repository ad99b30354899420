"""Recipes: ordered steps of compression techniques, and the variants that come of them."""
