"""The kernel: films, their chapters and clips, and the only code that changes their state.

Everything else stands on it; it knows no web framework, queue, storage or encoder.
"""
