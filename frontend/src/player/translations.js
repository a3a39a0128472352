// The words of the controls' own labels. The library brings both languages; these are plainer, say
// "part" for its "chapter", and add what it leaves in English.
import { En } from "media-chrome/dist/lang/en.js";
import { Fr } from "media-chrome/dist/lang/fr.js";
import { addTranslation } from "media-chrome/dist/utils/i18n.js";

addTranslation("en", { ...En, "chapter: {chapterName}": "part: {chapterName}" });
addTranslation("fr", {
  ...Fr,
  Mute: "Couper le son",
  Unmute: "Remettre le son",
  mute: "couper le son",
  unmute: "remettre le son",
  "Enable captions": "Afficher les sous-titres",
  "Disable captions": "Cacher les sous-titres",
  "Enter fullscreen mode": "Passer en plein écran",
  "Exit fullscreen mode": "Quitter le plein écran",
  "enter fullscreen mode": "passer en plein écran",
  "exit fullscreen mode": "quitter le plein écran",
  "closed captions": "sous-titres",
  "current playback rate": "vitesse actuelle",
  "Playback rate": "Vitesse",
  "Playback rate {playbackRate}": "Vitesse {playbackRate}",
  "media loading": "le film se charge",
  "playback time": "temps écoulé",
  seek: "chercher dans le film",
  Settings: "Réglages",
  settings: "réglages",
  Quality: "Qualité de l’image",
  quality: "qualité de l’image",
  Off: "Sans",
  "chapter: {chapterName}": "partie\u00a0: {chapterName}",
});
