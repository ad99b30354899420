"""Converters that never come into the app: each in an environment and a process of its own.

Imports no torch and no converter.
"""
