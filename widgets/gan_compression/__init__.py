"""GAN Compression, step by step or all at once, in a window beside the work."""
