"""The compare view: two pictures of the same thing under one pan and zoom."""
