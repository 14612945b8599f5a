// A page whose shell fails it, and one that is handed what it cannot draw: neither is left as it is.

import { shelled } from "./shell.mjs";

const inVain = (what, times) => Array.from({ length: times }, () => what);

/** A page in a shell that fails as `faults` say. */
const failing = (browser, address, view, faults) =>
  shelled(browser, address, view, {}, (page) => page.addInitScript((faults) => Object.assign(globalThis, faults), faults));

/** Whether something comes to be true in a page before long. */
const comes = (page, condition) => page.waitForFunction(condition, null, { timeout: 5_000 }).then(() => true, () => false);

export async function lasting(browser, address, view, other) {
  return [
    ...await waits(browser, address, view),
    ...await unheard(browser, address, view, other),
    ...await undrawn(browser, address, view),
  ];
}

/** Where there is no view yet it is asked for until there is, by a page that is alive. */
async function waits(browser, address, view) {
  const broken = [];
  for (const firsts of [inVain("rejected", 2), inVain("nothing", 4)]) {
    const page = await failing(browser, address, view, { firsts });
    if (!await comes(page, () => globalThis.told.includes("drawn"))) broken.push(`asked in vain at first (${firsts}), it shows nothing`);
    const told = await page.evaluate(() => globalThis.told.filter((input) => ["alive", "drawn"].includes(input)));
    if (firsts.length > 2 && told[0] !== "alive") broken.push("a page that waits for its first view says nothing of being alive");
    await page.close();
  }
  return broken;
}

/** Where nobody tells it of views it looks for them. */
async function unheard(browser, address, view, other) {
  const broken = [];
  const page = await failing(browser, address, view, { deaf: true });
  if (!await comes(page, () => document.querySelector(".verdict"))) broken.push("without events it shows nothing");
  await page.evaluate((other) => { globalThis.view = other; }, other);
  if (!await comes(page, () => document.querySelector(".attract"))) broken.push("without events the first view stays");
  await page.close();
  return broken;
}

/** What cannot be drawn leaves nothing of the view before, is asked for again, and nobody is told of a page that works. */
async function undrawn(browser, address, view) {
  const broken = [];
  const page = await shelled(browser, address, view);
  await page.evaluate(async (bad) => {
    await globalThis.draw(bad);
    globalThis.told = [];
  }, { ...view, actions: null });
  const left = await page.evaluate(() => ["stage", "aloud"].map((id) => document.getElementById(id).textContent).join(""));
  if (left) broken.push(`a view that cannot be drawn leaves "${left.slice(0, 40)}" of the one before`);
  await page.waitForTimeout(4_500);
  const told = await page.evaluate(() => globalThis.told);
  if (told.filter((input) => input === "ready").length < 3) broken.push("a view that cannot be drawn is not asked for again");
  if (told.includes("alive")) broken.push("a page that cannot draw says that it is alive");
  await page.evaluate((view) => { globalThis.view = view; }, view);
  if (!await comes(page, () => document.querySelector(".verdict h1") === document.activeElement)) broken.push("a view that can be drawn again is not");
  if (!await comes(page, () => globalThis.told.includes("alive"))) broken.push("a page that draws again says nothing of being alive");
  await page.close();
  return broken;
}
