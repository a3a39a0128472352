// Bundles every entry of src/entries and src/workers into ../cvtube/static/build, with a hash in
// each name, and writes manifest.json (entry -> file) for the templates. Beside each file lie two
// packed ones, which the server sends to browsers that unpack them. Third-party code comes from
// the lock file alone; nothing is fetched by the browser from any other host.
// With --watch it makes anew what is saved, keeps what open pages still use, and packs nothing.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { context } from "esbuild";
import { drawIcons } from "./icons.mjs";

const out = "../cvtube/static/build";
const inside = (folder) => readdirSync(folder).map((name) => `${folder}/${name}`);

const watching = process.argv.includes("--watch");

if (!watching) rmSync(out, { recursive: true, force: true });
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
const manifest = await drawIcons(out);
const written = {
  name: "manifest",
  setup: (bundle) => bundle.onEnd(({ metafile }) => metafile && write(metafile)),
};
const bundles = [
  { entryPoints: inside("src/entries"), splitting: true, format: "esm" },
  // A worker is one file: not every browser lets it import others.
  { entryPoints: inside("src/workers"), format: "iife" },
];
for (const bundle of bundles) {
  const made = await context({ ...common, ...bundle, plugins: [written] });
  if (watching) {
    await made.watch();
  } else {
    await made.rebuild();
    await made.dispose();
  }
}
if (!watching) pack();

/** @param {import("esbuild").Metafile} metafile */
function write(metafile) {
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (/^src\/(entries|workers)\//.test(entryPoint ?? "")) {
      manifest[basename(entryPoint)] = basename(file);
    }
    // Pages ask for their letters before the style that names them has come.
    if (file.endsWith(".woff2")) manifest["letters.woff2"] = basename(file);
  }
  // A page that is made meanwhile reads all of the former one, or all of this one.
  writeFileSync(`${out}/manifest.new`, JSON.stringify(manifest, null, 2));
  renameSync(`${out}/manifest.new`, `${out}/manifest.json`);
}

function pack() {
  for (const name of readdirSync(out)) {
    if (!/\.(js|css|svg)$/.test(name)) continue; // letters are packed already, maps are for us alone
    const bytes = readFileSync(`${out}/${name}`);
    writeFileSync(`${out}/${name}.br`, brotliCompressSync(bytes));
    writeFileSync(`${out}/${name}.gz`, gzipSync(bytes, { level: 9 }));
  }
}
