// What the first screen does without: the protocol's library weighs more than all the rest.

export { ResumableUpload } from "../upload/resumable-upload.js";
export { StreamingSource } from "../upload/streaming-source.js";
