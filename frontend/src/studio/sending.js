// What the first screen does without: the protocol's library weighs more than all the rest.
export { Growing } from "../upload/growing.js";
export { Resumable } from "../upload/resumable.js";
