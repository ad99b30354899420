"""Quality against what it costs: points, the frontier, and the plot of both."""
