// The page of a part's captions. Everything on it also works without this file.
import { editCaptions } from "../captions/caption-editor.js";

const box = document.querySelector("[data-captions]");
if (box instanceof HTMLElement) editCaptions(box);
