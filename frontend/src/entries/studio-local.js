// On the studio's other pages: takes that are only on this device are marked, can be watched, and go
// on their way.
import "../studio/local-takes.js";
