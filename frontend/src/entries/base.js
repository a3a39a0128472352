// Runs on every page; pages must work without it.
import { searchAtSlash } from "../browse/slash.js";

searchAtSlash(document);
