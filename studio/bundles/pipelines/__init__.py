"""Pipelines of several networks as folders that draw without this app."""
