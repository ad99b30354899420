"""Windows that train a model."""
