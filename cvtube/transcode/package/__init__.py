"""What was made, as facts for playlists; checked, and moved into the storage."""
