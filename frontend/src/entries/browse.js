// The wall and the search.
import "../components/combobox.js";
import { offerPreviews } from "../browse/hover-preview.js";
import { renewResults } from "../browse/live-search.js";
import { continueWall } from "../browse/wall.js";

offerPreviews(document);
const wall = document.querySelector("[data-wall]");
if (wall instanceof HTMLElement) continueWall(wall);
const form = document.querySelector("form[data-search]");
if (form instanceof HTMLFormElement) renewResults(form);
