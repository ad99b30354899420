"""Families of generative models: their networks, and what each can be asked."""
