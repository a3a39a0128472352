// Puts the real player in the place of the plain <video> that pages carry.
import "media-chrome/dist/media-controller.js";
import "media-chrome/dist/media-captions-button.js";
import "media-chrome/dist/media-control-bar.js";
import "media-chrome/dist/media-fullscreen-button.js";
import "media-chrome/dist/media-loading-indicator.js";
import "media-chrome/dist/media-mute-button.js";
import "media-chrome/dist/media-play-button.js";
import "media-chrome/dist/media-poster-image.js";
import "media-chrome/dist/media-time-display.js";
import "media-chrome/dist/media-time-range.js";
import "media-chrome/dist/media-volume-range.js";
import "media-chrome/dist/menu/media-captions-menu.js";
import "media-chrome/dist/menu/media-playback-rate-menu.js";
import "media-chrome/dist/menu/media-rendition-menu.js";
import "media-chrome/dist/menu/media-settings-menu.js";
import "media-chrome/dist/menu/media-settings-menu-button.js";
import "media-chrome/dist/menu/media-settings-menu-item.js";
import { FilmVideo } from "./film-video.js";
import { listenToKeys } from "./player-keys.js";
import { recall, remember } from "./preferences.js";
import "./translations.js";

/** @param {HTMLElement} box the element with `data-player` */
export function startPlayer(box) {
  const template = box.querySelector("template");
  const plain = box.querySelector("video");
  if (!template || !plain) return;
  const parts = /** @type {DocumentFragment} */ (document.importNode(template.content, true));
  const film = parts.querySelector("film-video");
  if (!(film instanceof FilmVideo)) return;
  plain.replaceWith(parts);
  mendRoles(box);
  rememberSpeed(film);
  rememberCaptions(film);
  listenToKeys(box, film);
  sayWhenGone(box);
  sayWhenWhole(box, film);
  film.open(box.dataset.source ?? "", Number(box.dataset.start), "grows" in box.dataset);
}

/**
 * What assistive technology is told where the controls' own words are not valid ARIA: a button
 * cannot be "checked", a time that is only read has no action, a moment's picture says nothing
 * that its part's title and its time do not.
 * @param {HTMLElement} box
 */
function mendRoles(box) {
  const controller = box.querySelector("media-controller");
  // The library puts "video player" in the place of every name it is given.
  controller?.setAttribute("aria-label", controller.getAttribute("data-label") ?? "");
  box.querySelector("media-captions-button")?.setAttribute("role", "switch");
  box.querySelector("media-time-display")?.setAttribute("role", "timer");
  const preview = box
    .querySelector("media-time-range")
    ?.shadowRoot?.querySelector("media-preview-thumbnail");
  preview?.shadowRoot?.querySelector("img")?.setAttribute("alt", "");
}

/** @param {FilmVideo} film */
function rememberSpeed(film) {
  const kept = Number(recall("speed"));
  if (kept > 0) film.defaultPlaybackRate = kept;
  film.addEventListener("ratechange", () => remember("speed", String(film.playbackRate)));
}

/** @param {FilmVideo} film */
function rememberCaptions(film) {
  const captions = () => [...film.textTracks].filter((track) => track.kind === "captions");
  film.addEventListener(
    "loadedmetadata",
    () => {
      const kept = recall("captions");
      const tracks = captions();
      const wanted = tracks.find((track) => track.language === kept) ?? tracks[0];
      if (kept && kept !== "off" && wanted) wanted.mode = "showing";
      film.textTracks.addEventListener("change", () => {
        const shown = captions().find((track) => track.mode === "showing");
        remember("captions", shown?.language ?? "off");
      });
    },
    { once: true },
  );
}

/** @param {HTMLElement} box */
function sayWhenGone(box) {
  const sentence = box.querySelector(".player-gone");
  box.addEventListener("filmgone", () => sentence?.removeAttribute("hidden"));
}

/**
 * A page that is kept up to date leaves a film alone that somebody has begun to watch.
 * @param {HTMLElement} box
 * @param {FilmVideo} film
 */
function sayWhenWhole(box, film) {
  film.addEventListener("play", () => box.toggleAttribute("data-begun", true), { once: true });
  film.addEventListener("filmwhole", () => box.querySelector(".player-grows")?.remove());
}
