"""Low rank: convolutions and fully connected layers as chains of smaller ones."""
