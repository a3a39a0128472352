"""What is made of a clip: decided before ffmpeg runs. Pure."""
