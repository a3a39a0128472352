// The page one sees without a network.
import "../studio/offline/cached-pages.js";
