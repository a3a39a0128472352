// What the first screen does without: the protocol's library weighs more than all the rest.
export { Growing } from "../upload/streaming-source.js";
export { Resumable } from "../upload/resumable-upload.js";
