// The pages about people: forms, a little easier than plain HTML makes them.
import "../components/combobox.js";
import { countCharacters } from "../accounts/counter.js";
import { offerToReveal } from "../accounts/reveal.js";

offerToReveal(document);
countCharacters(document);
