"""A slider over a range becomes a batch of measured variants."""
