"""Acts on a call, one file per moment of its life."""
