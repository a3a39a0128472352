"""ffmpeg and ffprobe: which ones do the work, how they are run, and how they may read a file."""
