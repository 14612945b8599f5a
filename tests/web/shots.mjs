// node tests/web/shots.mjs FOLDER [NAME-PART] [PANEL] [theme=dark] [dir=rtl]
// Pictures of golden views, to be looked at.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PANELS, draw, goldens, launch, open, serve } from "./kit.mjs";

const [folder, part = "kiosk-", panel = "", ...more] = process.argv.slice(2);
const query = Object.fromEntries(more.map((word) => word.split("=")));
mkdirSync(folder, { recursive: true });
const [server, browser] = await Promise.all([serve(), launch()]);
for (const name of Object.keys(PANELS).filter((one) => !panel || one === panel)) {
  const page = await open(browser, server.address, name, query);
  for (const golden of goldens().filter((one) => new RegExp(part, "u").test(one.name))) {
    await draw(page, golden.view);
    await page.screenshot({ path: join(folder, `${golden.name}-${name}${query.theme ?? ""}${query.dir ?? ""}.png`) });
  }
  page.faults.forEach((fault) => console.error(fault));
  await page.context().close();
}
await browser.close();
server.stop();
