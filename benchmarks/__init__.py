"""What the pipeline costs and what it gives, against two others and against what is possible.

Neither product nor tool of the checkout, so a folder of its own, with lock files of its own: a
stranger who wants to check our figures finds everything here. `make bench-transcode`.
"""
