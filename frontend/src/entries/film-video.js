// Pages that make the film's element by themselves, without the controls of a player.
import "../player/film-video.js";
