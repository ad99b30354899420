"""Diffusion: pipelines in the folders that diffusers writes."""
