"""Starting, talking to, timing out and ending other processes. Imports no torch."""
