"""Measurements that were taken on other computers."""
