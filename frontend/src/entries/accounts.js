// The pages about people: forms, a little easier than plain HTML makes them.
import "../components/combobox.js";
import { readCard } from "../accounts/card.js";
import { countCharacters } from "../accounts/counter.js";
import { offerToPrint } from "../accounts/print.js";
import { offerToReveal } from "../accounts/reveal.js";
import { keepUpToDate } from "../live/live.js";

offerToReveal(document);
countCharacters(document);
offerToPrint(document);
const door = document.querySelector("form[data-card]");
if (door instanceof HTMLFormElement) readCard(door);
for (const page of document.querySelectorAll("[data-live]")) keepUpToDate(page, () => {});
