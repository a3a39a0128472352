// The pages about people: forms, a little easier than plain HTML makes them.
import "../components/combobox.js";
import { readCard } from "../accounts/card-login.js";
import { countCharacters } from "../accounts/character-counter.js";
import { offerToReveal } from "../accounts/password-reveal.js";
import { offerToPrint } from "../accounts/print-button.js";
import "../live/live-page.js";

offerToReveal(document);
countCharacters(document);
offerToPrint(document);
const door = document.querySelector("form[data-card]");
if (door instanceof HTMLFormElement) readCard(door);
