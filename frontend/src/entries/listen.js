// Pages outside the studio that read themselves aloud.
import "../studio/read-aloud.js";
