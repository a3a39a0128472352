// The page of a part's captions. Everything on it also works without this file.
import "../captions/caption-editor.js";
