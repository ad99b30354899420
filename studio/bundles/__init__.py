"""Bundles: exported folders that run and verify themselves without this app."""
