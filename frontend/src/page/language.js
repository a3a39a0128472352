/** The language the page is written in. */
export const pageLanguage = () => document.documentElement.lang || "fr";
