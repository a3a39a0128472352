// A worker of its own: writes takes to the disk.
import "../studio/take-store/opfs-worker.js";
