// Every golden view at every panel: nothing is cut off, nothing overlaps, every target is large.

import { faults } from "./layout.mjs";
import { PANELS, draw, goldens, open } from "./kit.mjs";
import { cut, listed, stations, veiled, warned } from "./parts.mjs";

export async function pages(browser, address) {
  const broken = [];
  let drawn = 0;
  const variants = [{}, { theme: "dark" }, { dir: "rtl" }];
  for (const panel of Object.keys(PANELS)) {
    for (const query of variants) {
      const page = await open(browser, address, panel, query);
      for (const { name, view } of goldens().filter(({ name }) => name.includes(process.env.SEALIGHT_GOLDEN ?? ""))) {
        if (query.theme && view.face !== "kiosk") continue;
        await draw(page, view);
        const found = await page.evaluate(faults, { clamped: false });
        broken.push(...found.map((fault) => `${name} at ${panel} ${JSON.stringify(query)}: ${fault}`));
        drawn += 1;
        if (query.theme || query.dir) continue;
        broken.push(...(await warned(page, view)).map((fault) => `${name} at ${panel}: ${fault}`));
      }
      const few = [await cut(page), await listed(page), await stations(page, panel), await veiled(page)];
      broken.push(...few.flat().map((fault) => `${panel} ${JSON.stringify(query)}: ${fault}`));
      broken.push(...page.faults.map((fault) => `${panel}: ${fault}`));
      await page.context().close();
    }
  }
  console.log(`figure: screens drawn: ${drawn} screens`);
  return broken;
}
