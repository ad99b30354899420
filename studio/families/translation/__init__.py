"""Picture to picture: pix2pix, CycleGAN, GAN Compression, SPADE (GauGAN)."""
