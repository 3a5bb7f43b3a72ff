/** Packs the elements as the npm package @topk/elements into dist/embed/topk-elements.tgz. */
import { execFileSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
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
const [{ filename, size }] = [pack()].flat();
renameSync(
  `${HERE}dist/embed/${filename.replace("@", "").replace("/", "-")}`,
  `${HERE}dist/embed/topk-elements.tgz`,
);
console.log(`topk-elements.tgz: ${size} bytes`);
