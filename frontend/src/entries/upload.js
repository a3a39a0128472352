// The candidate's own pages: sends films, and keeps the page of a film up to date.
import "../live/live-page.js";
import "../upload/upload-panel.js";
