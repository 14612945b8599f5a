// Every text of every golden view stands on the page: plain JSON against page text.

import { draw, goldens, open, texts } from "./kit.mjs";
import { looped } from "./looped.mjs";
import { shelled } from "./shell.mjs";

/** The same letters, however they are set: without marks, line ends and isolates. */
const bare = (text) => text.replace(/\*\*|[\u200B\u2066-\u2069\s_-]/gu, "");

/** What a page tells its shell when it is handed a view. */
async function told(browser, address, view) {
  const page = await shelled(browser, address, view);
  // Its sign of life comes two seconds after all else.
  await page.waitForFunction(() => globalThis.told.includes("alive"));
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
  if (!(await told(browser, address, view)).includes("drawn")) broken.push("a view was drawn and nobody is told");
  if ((await told(browser, address, { ...view, actions: null })).includes("drawn")) broken.push("a view that cannot be drawn is told as drawn");
  const named = (wanted) => goldens().find(({ name }) => name === wanted).view;
  broken.push(...await looped(browser, address, named("kiosk-aiming-en"), named("kiosk-typing-en")));
  console.log(`figure: texts compared: ${compared} texts`);
  return broken;
}
