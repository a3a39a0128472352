// The look at camera, sound and light before filming.
import "../studio/device-check.js";
import "../studio/read-aloud.js";
