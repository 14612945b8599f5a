// Every text of every golden view stands on the page: plain JSON against page text.

import { draw, goldens, open, texts } from "./kit.mjs";

/** The same letters, however they are set: without marks, line ends and isolates. */
const bare = (text) => text.replace(/\*\*|[\u200B\u2066-\u2069\s_-]/gu, "");

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
  console.log(`figure: texts compared: ${compared} texts`);
  return broken;
}
