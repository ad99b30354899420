"""What a bundle puts into a folder of its own and runs by itself. Imports nothing of Maquette."""
