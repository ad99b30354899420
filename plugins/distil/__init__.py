"""Distillation: the network so far learns to draw what full draws."""
