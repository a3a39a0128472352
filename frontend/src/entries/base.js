// Runs on every page; pages must work without it.
import { searchAtSlash } from "../browse/slash.js";
import { offerChoice } from "../player/memory.js";

searchAtSlash(document);
offerChoice(document);
