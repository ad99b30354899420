"""Layouts of picture-to-picture generators: CycleGAN, pix2pix, GAN Compression, SPADE."""
