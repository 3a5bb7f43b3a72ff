/** Unpacks the Chromium of the package @sparticuz/chromium, with its libraries, into a folder. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { inflate } from "@sparticuz/chromium";

const ARCHIVES = ["chromium.br", "al2023.tar.br"];

const packaged = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "../bin");
// The package unpacks into the folder for temporary files.
process.env.TMPDIR = process.argv[2];
for (const archive of ARCHIVES) await inflate(join(packaged, archive));
