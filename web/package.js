/** Packs the elements as the npm package @topk/elements into dist/embed/topk-elements.tgz. */
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ELEMENTS = `${HERE}elements`;
const SOURCES = ["src/widget/top-songs.ts", "src/account/*.ts", "!src/account/song-menu.ts"];

function run(script, args) {
  execFileSync(process.execPath, [`${HERE}node_modules/${script}`, ...args], {
    cwd: HERE,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function pack() {
  const options = ["pack", "--json", "--ignore-scripts", "--pack-destination", `${HERE}dist/embed`];
  const packed = execFileSync("npm", options, { cwd: ELEMENTS, stdio: ["ignore", "pipe", "ignore"] });
  return JSON.parse(packed);
}

/** The analyzer takes the variable of a dispatched event for the event's name. */
function tidyManifest() {
  const file = `${ELEMENTS}/custom-elements.json`;
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  for (const { events } of manifest.modules.flatMap(({ declarations }) => declarations)) {
    const at = events?.findIndex(({ name }) => !name.startsWith("top-songs-")) ?? -1;
    if (at >= 0) events.splice(at, 1);
  }
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

rmSync(`${ELEMENTS}/lib`, { recursive: true, force: true });
run("typescript/bin/tsc", ["-p", "tsconfig.package.json"]);
run("@custom-elements-manifest/analyzer/cem.js", [
  "analyze",
  "--litelement",
  "--quiet",
  "--globs",
  ...SOURCES,
  "--outdir",
  "elements",
]);
tidyManifest();
const [{ filename, size }] = [pack()].flat();
renameSync(
  `${HERE}dist/embed/${filename.replace("@", "").replace("/", "-")}`,
  `${HERE}dist/embed/topk-elements.tgz`,
);
console.log(`topk-elements.tgz: ${size} bytes`);
