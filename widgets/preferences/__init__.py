"""Preferences: what is kept, and the dialog that changes it."""
