"""Int8 post-training quantisation that runs as int8."""
