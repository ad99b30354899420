"""Trains the embedded pipeline, clay heads from words: a Stable Diffusion of a few million weights.

The parts are those of latent diffusion (Rombach et al. 2022): an autoencoder, a text encoder, and
a U-Net that predicts velocity (Salimans & Ho 2022) in the autoencoder's latents. All are plain
classes of diffusers and transformers, so that others open the result without Maquette.
"""
