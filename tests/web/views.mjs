// Every text of every golden view stands on the page: plain JSON against page text.

import { draw, golden, goldens, open, texts } from "./kit.mjs";
import { heard } from "./heard.mjs";
import { lasting } from "./lasting.mjs";
import { painted, ticking } from "./ticking.mjs";
import { looped } from "./looped.mjs";
import { doubled, shelled } from "./shell.mjs";

/** The same letters, however they are set: without marks, line ends and isolates. */
const bare = (text) => text.replace(/\*\*|[\u200B\u2066-\u2069\s_-]/gu, "");

/** What a page tells its shell when it is handed a view. */
async function told(browser, address, view) {
  const page = await shelled(browser, address, view);
  // Its sign of life comes two seconds after all else.
  await page.waitForFunction(() => globalThis.told.includes("alive"), null, { timeout: 5_000 }).catch(() => {});
  const all = await page.evaluate(() => globalThis.told);
  await page.close();
  return all;
}

export async function views(browser, address) {
  const broken = [];
  let compared = 0;
  const page = await open(browser, address, "upright");
  for (const { name, view } of goldens()) {
    await draw(page, view);
    const page_text = await page.evaluate(() => {
      const labels = [...document.querySelectorAll("[aria-label]")].map((element) => element.getAttribute("aria-label"));
      return [document.body.textContent, ...labels].join(" ");
    });
    const text = bare(page_text);
    for (const said of texts(view)) {
      compared += 1;
      if (!text.includes(bare(said))) broken.push(`${name}: "${said}" does not stand on the page`);
    }
    const set = await page.evaluate(() => [document.documentElement.lang, document.querySelector(".kiosk").className]);
    if (set[0] !== view.language) broken.push(`${name}: language ${set[0]}`);
    if (!set[1].split(" ").includes(`tone-${view.tone}`)) broken.push(`${name}: tone ${set[1]}`);
    const sends = await page.evaluate(() => [...document.querySelectorAll("[data-send]")].map((button) => JSON.parse(button.dataset.send).act));
    for (const { action } of view.actions) {
      if (!sends.some((sent) => JSON.stringify(sent) === JSON.stringify(action))) broken.push(`${name}: no button for ${JSON.stringify(action)}`);
    }
  }
  broken.push(...page.faults);
  await page.context().close();
  // A launcher takes the word for a version that has come up.
  const [{ view }] = goldens();
  const [good, bad] = [await told(browser, address, view), await told(browser, address, { ...view, actions: null })];
  for (const word of ["drawn", "alive"]) {
    if (!good.includes(word)) broken.push(`a view was drawn and nobody is told "${word}"`);
    if (bad.includes(word)) broken.push(`a view that cannot be drawn is told as "${word}"`);
  }
  broken.push(...await looped(browser, address, golden("kiosk-aiming-en"), golden("kiosk-typing-en")));
  broken.push(...await heard(browser, address, golden("kiosk-e1-en")));
  broken.push(...await ticking(browser, address, golden("kiosk-e1-en")));
  broken.push(...await painted(browser, address, golden("kiosk-aiming-en"), golden("kiosk-e1-en")));
  broken.push(...await lasting(browser, address, golden("kiosk-e1-en"), golden("kiosk-attract-en")));
  broken.push(...await doubled(browser, address, golden("kiosk-e1-en"), golden("kiosk-typing-en")));
  console.log(`figure: texts compared: ${compared} texts`);
  return broken;
}
