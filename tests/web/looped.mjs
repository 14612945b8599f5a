// How many loops ask for the camera's frames.

import { shelled } from "./shell.mjs";

/** One frame at a time is asked for, however often the preview is left and entered meanwhile. */
export async function looped(browser, address, aiming, other) {
  const page = await shelled(browser, address, aiming);
  await page.waitForFunction(() => globalThis.frames.length === 1);
  for (const view of [other, aiming, other, aiming]) await page.evaluate((view) => globalThis.draw(view), view);
  // What waits is answered; each loop that is left asks once more.
  await page.evaluate(() => globalThis.frames.splice(0).forEach((answer) => answer()));
  await page.waitForTimeout(400);
  const loops = await page.evaluate(() => globalThis.frames.length);
  await page.close();
  return loops === 1 ? [] : [`${loops} loops draw the preview`];
}
