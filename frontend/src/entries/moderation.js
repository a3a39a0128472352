// The moderators' pages. Everything there also works without this file.
import "../moderation/review-page.js";
