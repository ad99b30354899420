"""One module per layout on disk."""
