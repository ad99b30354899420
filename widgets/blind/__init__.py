"""A test for people: can a variant be told from full?"""
