// axe-core on every golden view, upright and lying, light and dark; focus and reading order.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { draw, golden, goldens, open } from "./kit.mjs";
import { extras, shortened } from "./parts.mjs";
import { kept, pictured, scanned } from "./shell.mjs";
import { focused, spoken } from "./spoken.mjs";

const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export async function accessible(browser, address) {
  const broken = [];
  let checked = 0;
  const minor = new Set();
  for (const [panel, query] of [["upright", {}], ["lying", {}], ["upright", { theme: "dark" }]]) {
    const page = await open(browser, address, panel, query);
    await page.evaluate(axe);
    for (const { name, view } of [...goldens(), ...extras()].filter(({ name }) => name.includes(process.env.SEALIGHT_GOLDEN ?? ""))) {
      if (view.face !== "kiosk" && (panel !== "upright" || query.theme)) continue;
      await draw(page, view);
      const { violations } = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules, resultTypes: ["violations"], preload: false }), RULES);
      checked += 1;
      for (const { id, impact, nodes } of violations) {
        const line = `${name} at ${panel}: ${impact} ${id}: ${nodes[0].html.slice(0, 120)} ${nodes[0].failureSummary.split("\n").pop()}`;
        if (impact === "serious" || impact === "critical") broken.push(line);
        else minor.add(`${impact} ${id}`);
      }
      const focus = await page.evaluate(() => document.activeElement?.tagName);
      if (focus !== "H1") broken.push(`${name}: the focus starts on ${focus}`);
    }
    broken.push(...page.faults);
    await page.context().close();
  }
  broken.push(...await kept(browser, address, golden("kiosk-e1-en")));
  broken.push(...await scanned(browser, address, golden("kiosk-typing-en")));
  broken.push(...await pictured(browser, address, golden("kiosk-e1-en")));
  broken.push(...await spoken(browser, address, golden("kiosk-e1-en")));
  broken.push(...await focused(browser, address, golden("kiosk-e1-en"), shortened()));
  console.log(`figure: screens seen by axe-core: ${checked} screens`);
  console.log(`figure: kinds of lesser findings: ${minor.size} kinds`);
  if (minor.size) console.log(`lesser findings: ${[...minor].join(", ")}`);
  return broken;
}
