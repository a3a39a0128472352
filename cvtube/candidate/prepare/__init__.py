"""Before the camera: what a part asks, and the words and voice notes one prepares for it."""
