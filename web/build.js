/**
 * Builds into dist/: the elements for embedding (each one self-contained file, under a name with its
 * hash and under a short one), the site, and integrity.json. Fails where the widget is too heavy.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "vite";

const WIDGET_MOST_BYTES = 18 * 1024;
const HERE = fileURLToPath(new URL(".", import.meta.url));
const DIST = `${HERE}dist`;
const ELEMENTS = { "top-songs": "src/widget.ts", "top-songs-account": "src/account.ts" };
const COMMON = {
  configFile: false,
  logLevel: "warn",
  define: { "process.env.NODE_ENV": '"production"' },
};

/**
 * Leaves out what no minifier of scripts looks for: spaces in style sheets, and line breaks with their
 * indentation in templates, which are the only ones in a minified script.
 */
const tight = {
  name: "tight",
  transform: (code, id) =>
    id.endsWith(".ts") ? code.replace(/css`[^`]*`/g, tightSheet) : undefined,
  generateBundle(_, bundle) {
    for (const part of Object.values(bundle)) {
      if (part.type === "chunk") part.code = part.code.trim().replace(/\n\s*/g, " ");
    }
  },
};

function tightSheet(sheet) {
  return sheet
    .replace(/\s+/g, " ")
    .replace(/ ?([{};]) ?/g, "$1")
    .replaceAll(": ", ":");
}

async function element(name, entry) {
  await build({
    ...COMMON,
    plugins: [tight],
    root: HERE,
    publicDir: false,
    build: {
      outDir: DIST,
      emptyOutDir: false,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: {
        input: `${HERE}${entry}`,
        preserveEntrySignatures: "strict",
        // Beside the element: the languages, which it loads when they are used.
        output: {
          entryFileNames: `embed/${name}-[hash].js`,
          chunkFileNames: `embed/${name}-words-[name]-[hash].js`,
        },
      },
    },
  });
}

/** Puts a page of the site into the frame that all share, and marks its place in the menu. */
const framed = {
  name: "framed",
  transformIndexHtml: {
    order: "pre",
    handler(html, { filename }) {
      const [head, body] = ["head", "body"].map((part) =>
        readFileSync(`${HERE}site/frame/${part}.html`, "utf8"),
      );
      const here = `href="./${basename(filename)}">`;
      const menu = body.replace(`<li><a ${here}`, `<li><a aria-current="page" ${here}`);
      const content = /<body>(.*)<\/body>/s.exec(html)[1];
      return html
        .replace("<head>", () => `<head>\n${head}`)
        .replace(content, () => `\n${menu.replace("<!-- content -->", () => content.trim())}`);
    },
  },
};

async function site() {
  const pages = readdirSync(`${HERE}site`).filter((file) => file.endsWith(".html"));
  await build({
    ...COMMON,
    plugins: [framed],
    root: `${HERE}site`,
    publicDir: `${HERE}public`,
    base: "./",
    build: {
      outDir: DIST,
      emptyOutDir: false,
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: pages.map((page) => `${HERE}site/${page}`) },
    },
  });
}

function described(name) {
  const hashed = readdirSync(`${DIST}/embed`).find((file) =>
    new RegExp(`^${name}-[A-Za-z0-9_-]{8}\\.js$`).test(file),
  );
  const code = readFileSync(`${DIST}/embed/${hashed}`);
  copyFileSync(`${DIST}/embed/${hashed}`, `${DIST}/embed/${name}.js`);
  // Addresses that stay for all of version 1: elements/CHANGELOG.md.
  writeFileSync(`${DIST}/embed/v1/${name}.js`, `export * from "../${hashed}";\n`);
  return {
    file: `embed/${hashed}`,
    integrity: `sha384-${createHash("sha384").update(code).digest("base64")}`,
    bytes: code.length,
    gzip: gzipSync(code, { level: 9 }).length,
  };
}

rmSync(DIST, { recursive: true, force: true });
for (const [name, entry] of Object.entries(ELEMENTS)) await element(name, entry);
await site();
// The simulated host app takes the site's basics as they are.
copyFileSync(`${HERE}site/page.css`, `${DIST}/page.css`);
mkdirSync(`${DIST}/embed/v1`, { recursive: true });
const sizes = Object.fromEntries(Object.keys(ELEMENTS).map((name) => [name, described(name)]));
for (const [name, { bytes, gzip }] of Object.entries(sizes)) {
  console.log(`${name}.js: ${bytes} bytes, ${gzip} gzipped`);
}
if (sizes["top-songs"].gzip > WIDGET_MOST_BYTES) {
  console.error(`top-songs.js is more than ${WIDGET_MOST_BYTES} bytes gzipped`);
  process.exit(1);
}
// The last to be written: where it is there, the build is whole.
writeFileSync(`${DIST}/integrity.json`, `${JSON.stringify(sizes, null, 2)}\n`);
