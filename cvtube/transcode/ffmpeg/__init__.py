"""From a plan to command lines, each flag with its reason beside it. Pure: nothing runs here.

ffmpeg-python (only these modules import it) builds the graphs and escapes them; its `.run()`
is never called, since it knows no watchdog. Works with ffmpeg 5.1 to 9.

Film names never appear: the input has a name of ours, and outputs are named relative to the
folder the program works in.
"""
