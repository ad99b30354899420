"""Losses, loops and the embedded models' own worlds and recipes."""
