"""StyleGAN2 and Anycost generators (skip architecture)."""
