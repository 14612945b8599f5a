// node tests/web/preview.mjs: serves a page on loopback that lists every golden view, until it is stopped.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { goldens, serve } from "./kit.mjs";

const file = (name) => fileURLToPath(new URL(`preview/${name}`, import.meta.url));
const list = join(mkdtempSync(join(tmpdir(), "sealight-views-")), "goldens.json");
writeFileSync(list, JSON.stringify(goldens()));
const { address } = await serve({
  "/preview/": file("index.html"), "/preview/preview.css": file("preview.css"), "/preview/preview.mjs": file("preview.mjs"),
  "/preview/goldens.json": list,
}, { framed: true });
console.log(`${address}/preview/`);
