"""Subnets under a budget: which of a supernet's is nearest to the teacher and cheap enough.

``budget`` and ``report`` are what a search is told and what it tells, free of torch; ``evolution``
chooses through Optuna's NSGA-II, ``scoring`` says how near a candidate is, ``latency`` how long one
takes; ``job`` is one search from file to file, ``pipeline`` the whole of GAN Compression.
"""
