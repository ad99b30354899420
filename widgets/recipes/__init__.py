"""The recipe as a stack of cards, and what its panels are made of."""
