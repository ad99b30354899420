"""Making any StyleGAN2 elastic: its subnets are taught to draw what the full network draws.

``options`` and ``report`` are what a run is told and what it tells, free of torch; ``teacher``
is the frozen original, ``losses`` compare pictures, ``adversary`` is the part that needs pictures
of one's own (``data``), ``trainer`` is one run, ``checkpoint`` its state on disk, ``job`` all of it
from file to file.
"""
