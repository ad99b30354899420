"""One variant on one target, layer by layer."""
