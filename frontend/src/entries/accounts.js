// The pages about people: forms, a little easier than plain HTML makes them.
import "../accounts/card-login.js";
import "../accounts/character-counter.js";
import "../accounts/password-reveal.js";
import "../accounts/print-button.js";
import "../components/combobox.js";
import "../live/live-page.js";
