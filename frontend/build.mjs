// Bundles every entry of src/entries and src/workers into ../cvtube/static/build, with a hash in
// each name, and writes manifest.json (entry -> file) for the templates. Beside each file lie two
// packed ones, which the server sends to browsers that unpack them. Third-party code comes from
// the lock file alone; nothing is fetched by the browser from any other host.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { drawIcons } from "./icons.mjs";

const out = "../cvtube/static/build";
const inside = (folder) => readdirSync(folder).map((name) => `${folder}/${name}`);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const common = {
  outdir: out,
  bundle: true,
  minify: true,
  sourcemap: true,
  target: ["es2022", "chrome109", "firefox115", "safari16"],
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "copy", ".woff2": "file" },
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
};
const bundles = await Promise.all([
  build({ ...common, entryPoints: inside("src/entries"), splitting: true, format: "esm" }),
  // A worker is one file: not every browser lets it import others.
  build({ ...common, entryPoints: inside("src/workers"), format: "iife" }),
]);

const manifest = await drawIcons(out);
for (const { metafile } of bundles) {
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (/^src\/(entries|workers)\//.test(entryPoint ?? "")) {
      manifest[basename(entryPoint)] = basename(file);
    }
    // Pages ask for their letters before the style that names them has come.
    if (file.endsWith(".woff2")) manifest["letters.woff2"] = basename(file);
  }
}
writeFileSync(`${out}/manifest.json`, JSON.stringify(manifest, null, 2));

for (const name of readdirSync(out)) {
  if (!/\.(js|css|svg)$/.test(name)) continue; // letters are packed already, maps are for us alone
  const bytes = readFileSync(`${out}/${name}`);
  writeFileSync(`${out}/${name}.br`, brotliCompressSync(bytes));
  writeFileSync(`${out}/${name}.gz`, gzipSync(bytes, { level: 9 }));
}
