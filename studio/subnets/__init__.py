"""Subnets: choosing widths, depth and resolution, ordering channels, slicing, counting cost."""
