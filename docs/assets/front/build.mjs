// Builds the front end: node build.mjs MODULES OUT
//
// MODULES is a folder whose node_modules holds what package.json names, OUT a folder that is not
// there yet. course/pages/front.py calls this; nothing here asks the network for anything.

import { copyFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, out] = process.argv.slice(2).map((path) => resolve(path));
const sources = join(dirname(fileURLToPath(import.meta.url)), "src");
const packages = join(modules, "node_modules");
const esbuild = createRequire(join(modules, "package.json"))("esbuild");

const FONTS = {
  "inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  "jetbrains-mono.woff2":
    "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
};

const PYTHON = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"];

/** How many bytes each file of Python has, so that its loading can be shown as it goes on. */
async function sizes() {
  const pairs = PYTHON.map(async (name) => [name, (await stat(join(packages, "pyodide", name))).size]);
  return Object.fromEntries(await Promise.all(pairs));
}

/** Pyodide's list of packages without the packages: we use none, and it is long. */
async function lock() {
  const whole = JSON.parse(await readFile(join(packages, "pyodide", "pyodide-lock.json"), "utf8"));
  return JSON.stringify({ ...whole, packages: {} });
}

async function copy(from, to) {
  await mkdir(dirname(join(out, to)), { recursive: true });
  await copyFile(join(packages, from), join(out, to));
}

async function bundle(options) {
  await esbuild.build({
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome110", "firefox114", "safari16.4"],
    nodePaths: [packages],
    logLevel: "warning",
    legalComments: "none",
    charset: "utf8",
    ...options,
  });
}

const playground = join(sources, "playground");
await bundle({
  entryPoints: [join(playground, "playground.js"), join(playground, "playground.css")],
  outdir: join(out, "playground"),
  splitting: true,
});
await bundle({
  entryPoints: [join(playground, "worker.js")],
  outdir: join(out, "playground"),
  define: { PYTHON_SIZES: JSON.stringify(await sizes()) },
});
await bundle({ entryPoints: [join(playground, "sw.js")], outdir: join(out, "playground", "live"), format: "iife" });
await bundle({ entryPoints: [join(sources, "course.js")], outdir: out, format: "iife" });

for (const name of PYTHON) await copy(join("pyodide", name), join("playground", "pyodide", name));
await writeFile(join(out, "playground", "pyodide", "pyodide-lock.json"), await lock());
for (const [name, file] of Object.entries(FONTS)) await copy(file, join("fonts", name));
await copy("mermaid/dist/mermaid.min.js", "mermaid/mermaid.min.js");
