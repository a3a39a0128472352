"""Everything a candidate does with a video: preparing, recording, sharing, following it."""
