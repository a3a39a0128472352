// A worker of its own: writes takes to the disk.
import "../studio/shelf/worker.js";
