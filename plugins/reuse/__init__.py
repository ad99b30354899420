"""Feature reuse: parts of a denoiser are computed on some steps only."""
