"""The grid: several variants at once, for one or several seeds."""
