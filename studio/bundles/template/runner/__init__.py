"""What ``run.py`` of a bundle is made of; it needs nothing of Maquette."""
