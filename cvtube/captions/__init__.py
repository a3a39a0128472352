"""Captions in their owner's hands: reading, correcting, bringing and taking them."""
