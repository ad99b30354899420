"""The drawing pad of translation models."""
