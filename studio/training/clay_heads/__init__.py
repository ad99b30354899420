"""Clay heads: the world of the embedded model, and how that model is trained.

``scene`` says what a latent means, ``render`` draws it, ``data`` keeps drawn sets, ``observer`` and
``losses`` compare pictures, ``train`` fits the generator, ``package`` writes the model file, and
``judging`` and ``figures`` say how good it is.
"""
