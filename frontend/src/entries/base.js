// Runs on every page; pages must work without it.
import { searchAtSlash } from "../browse/search-key.js";
import { offerChoice } from "../player/preferences.js";

searchAtSlash(document);
offerChoice(document);
