"""Elastic denoiser: a diffusion pipeline's denoiser narrower and shallower, live."""
