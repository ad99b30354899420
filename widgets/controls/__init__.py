"""Presentational widgets without any knowledge of models: sliders, folds, cards, strips, tables."""
