// The studio's icon as pictures, in the sizes that phones ask for: not all of them draw an SVG.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

const DRAWING = "src/entries/icon.svg";
const WHOLE = "0 0 512 512";
// Phones cut a shape of their own out of it; what is within 40 % of the middle is never cut.
const WITH_A_MARGIN = "-52 -52 616 616";
const ICONS = [
  { name: "icon-192", side: 192, view: WHOLE },
  { name: "icon-512", side: 512, view: WHOLE },
  { name: "icon-maskable-512", side: 512, view: WITH_A_MARGIN },
  { name: "apple-touch-icon", side: 180, view: WHOLE },
];

/** Writes them into a folder; returns what each is called there. */
export async function drawIcons(out) {
  await initWasm(
    readFileSync(fileURLToPath(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm"))),
  );
  const drawing = readFileSync(DRAWING, "utf8");
  const names = {};
  for (const { name, side, view } of ICONS) {
    const svg = drawing.replace(WHOLE, view);
    const png = new Resvg(svg, { fitTo: { mode: "width", value: side } }).render().asPng();
    const hash = createHash("sha256").update(png).digest("hex").slice(0, 8).toUpperCase();
    names[`${name}.png`] = `${name}-${hash}.png`;
    writeFileSync(`${out}/${names[`${name}.png`]}`, png);
  }
  return names;
}
