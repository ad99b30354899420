"""Distillation: a smaller network learns to draw what the full one draws.

``trainer`` knows no family. What is taught, and by which examples, is a
:class:`studio.training.distil.pupil.Pupil`; ``generator`` has that of StyleGAN, ``pictures`` that
of networks from pictures to pictures. A further family is one more pupil.
"""
