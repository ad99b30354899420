"""Making and checking bundles in the window."""
