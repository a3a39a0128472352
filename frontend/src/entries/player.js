// On every page with a film.
import { startPlayer } from "../player/player.js";

for (const box of document.querySelectorAll("[data-player]")) {
  if (box instanceof HTMLElement) startPlayer(box);
}
