"""Techniques and parameters that the document and the window treat in a way of their own. Imports
nothing, so that the start of the window can have them."""

from __future__ import annotations

SUBNET = "subnet"
SORT = "sort"
RECALIBRATE, BATCHES = "recalibrate", "batches"
ELASTIC, REUSE, FEWER_STEPS = "elastic_denoiser", "reuse", "fewer_steps"
LIVE = (ELASTIC, REUSE, FEWER_STEPS)
"""What selects of a denoiser and its runs, live."""
LEARNING = ("distil",)
"""What works on the part of a denoiser that the steps before it have selected."""
ORDERING = ("runs", "calls")
"""What of an elastic denoiser says how it is ordered; all else is live."""
