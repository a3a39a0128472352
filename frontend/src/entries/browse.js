// The wall and the search.
import "../browse/hover-preview.js";
import "../browse/live-search.js";
import "../browse/wall.js";
import "../components/combobox.js";
