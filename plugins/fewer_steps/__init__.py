"""Fewer steps: what a run of a diffusion pipeline is asked for, as a part of a variant."""
