"""How a film plays: playlists, tracks and the player, for every page that has a film."""
