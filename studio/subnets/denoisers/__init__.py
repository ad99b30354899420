"""Subnets of diffusion denoisers: narrower blocks, fewer blocks, and features used again."""
