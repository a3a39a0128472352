// Runs on every page; pages must work without it.
import "../browse/search-key.js";
import "../player/keys-choice.js";
