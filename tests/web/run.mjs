// node tests/web/run.mjs pages|accessible|views|hostile|window|fullscreen|starts|staff|recovers|answers|update|memory
// One test of the kiosk's pages; prints its figures, then what is broken, and exits with 1 if anything is.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { launch, missing, serve } from "./kit.mjs";

const name = process.argv[2];
const TESTS = { pages: "./pages.mjs", accessible: "./accessible.mjs", views: "./views.mjs", hostile: "./hostile.mjs", window: "./window.mjs",
  fullscreen: "./fullscreen.mjs", starts: "./starts.mjs", staff: "./staff.mjs", recovers: "./recovers.mjs", answers: "./answers.mjs", update: "./update.mjs", memory: "./memory.mjs" };
if (!Object.hasOwn(TESTS, name)) {
  console.error(`usage: node tests/web/run.mjs ${Object.keys(TESTS).join("|")}`);
  process.exit(64);
}
const why = missing() ?? ((await import(TESTS[name])).lacking?.() ?? null);
if (why) {
  console.log(`skipped: ${why}`);
  process.exit(0);
}
if (name === "pages") execFileSync(process.execPath, [fileURLToPath(new URL("../../ui/tokens.mjs", import.meta.url)), "--check"], { stdio: "inherit" });

const test = (await import(TESTS[name]))[name];
const [server, browser] = await Promise.all([serve(), launch()]);
let broken = [];
try {
  broken = await test(browser, server.address);
} finally {
  await browser.close();
  server.stop();
}
const MOST = 60;
for (const line of broken.slice(0, MOST)) console.error(line);
if (broken.length > MOST) console.error(`and ${broken.length - MOST} more`);
process.exit(broken.length ? 1 : 0);
