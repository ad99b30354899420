"""Distillation of a pipeline's denoiser, from what full's own runs call it with: no data needed.

``trajectories`` takes down calls of the teacher, ``pool`` keeps them in memory, ``subjects`` says
what is drawn on the way, ``weighting`` what a timestep counts, ``features`` what lies between
blocks, ``slices`` lets several widths learn on one memory; ``pupil`` puts them together.
"""
