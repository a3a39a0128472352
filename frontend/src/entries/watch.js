// The page of one film: what stands beside the player goes along with it.
import "../browse/hover-preview.js";
import "../browse/moments.js";
import "../browse/share-moment.js";
import "../browse/transcript-search.js";
