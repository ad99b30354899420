"""Colours, type, icons and motion: what every widget of the window shares."""
