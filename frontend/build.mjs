// Bundles every entry of src/entries into ../cvtube/static/build, with a hash in each name, and
// writes manifest.json (entry -> file) for the templates. Third-party code comes from the lock
// file alone; nothing is fetched by the browser from any other host.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

const out = "../cvtube/static/build";
const entries = readdirSync("src/entries").map((name) => `src/entries/${name}`);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const { metafile } = await build({
  entryPoints: entries,
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  sourcemap: true,
  target: ["es2022", "chrome109", "firefox115", "safari16"],
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "file", ".woff2": "file" },
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (entryPoint && entries.includes(entryPoint)) manifest[basename(entryPoint)] = basename(file);
}
writeFileSync(`${out}/manifest.json`, JSON.stringify(manifest, null, 2));
