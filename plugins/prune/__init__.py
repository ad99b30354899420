"""Structured pruning: whole channels are removed, and the network is physically smaller."""
