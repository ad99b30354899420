"""GAN Compression (Li et al. 2020, arXiv 2003.08936) for picture-to-picture networks.

``options`` and ``report`` are what a run is told and what it tells, ``space`` the widths it may
choose from; these are free of torch. ``files`` lists pairs and ``data`` reads them, ``making``
begins networks, ``transfer`` carries weights into narrower ones, ``distilling`` compares
activations, ``patches`` judges pictures. ``trainer`` is one run of any stage that trains,
``checkpoint`` its state on disk, ``job`` all of it from file to file. Searching a trained supernet
is in ``studio.search``.
"""
