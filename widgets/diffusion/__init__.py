"""The left side of diffusion pipelines: prompt, steps, guidance, size, picture and mask."""
