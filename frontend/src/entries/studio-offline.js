// The page one sees without a network: which parts can be filmed all the same.
import { cachedPages } from "../studio/offline/page-cache.js";

const list = document.querySelector("[data-cached-pages]");
for (const { path, title } of await cachedPages()) {
  const link = document.createElement("a");
  link.href = path;
  link.className = "button";
  link.textContent = title;
  const item = document.createElement("li");
  item.append(link);
  list?.append(item);
}
document.querySelector("[data-some]")?.toggleAttribute("hidden", !list?.childElementCount);
// The network may come back, or only flicker, while somebody is on the way to a part already.
let leaving = false;
addEventListener("beforeunload", () => {
  leaving = true;
});
addEventListener("online", () => {
  if (!leaving) location.reload();
});
