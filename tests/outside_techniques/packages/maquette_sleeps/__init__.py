"""Brings one technique."""
