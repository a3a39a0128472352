"""For whom a video is: audience, consents, the link, the picture, and sending it."""
