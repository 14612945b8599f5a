// The kiosk on a display of its own with nobody who manages windows, as its unit for X starts it: it fills the screen, has the keys, and stays.

import { execFileSync } from "node:child_process";
import { PANELS } from "./kit.mjs";
import { askToClose } from "./window/ask.mjs";
import { eyes } from "./window/eyes.mjs";
import { display, open, pause } from "./window/screen.mjs";
import { KIOSK, lacking as standLacking, stand, until } from "./window/stand.mjs";

export const lacking = standLacking;

/** How long screens stay, in percent of what they do in a shop. */
const PATIENCE = 40;

export async function fullscreen(browser) {
  const broken = [];
  const bench = await stand(browser);
  try {
    const { place, env } = bench;
    for (const panel of ["small", "upright"]) {
      const size = PANELS[panel];
      const where = await display(size);
      bench.ends(where.stop);
      const kiosk = await open(KIOSK, ["--home", place.home, "--scanner", "--sound", "off", "--patience", String(PATIENCE)], where, env);
      bench.ends(kiosk.stop);
      const { sees } = eyes(kiosk, `fullscreen-${panel}`);
      await sees("attract", "attract", "en");
      const page = await kiosk.run(() => [innerWidth, innerHeight]);
      if (page.join() !== size.join()) broken.push(`the page is ${page} on a display of ${size}`);
      const x = (...args) => execFileSync("xdotool", args, { env: { ...process.env, DISPLAY: where.name }, encoding: "utf8" });
      const id = x("search", "--onlyvisible", "--name", "^Sealight$").trim();
      const is = Object.fromEntries(x("getwindowgeometry", "--shell", id).trim().split("\n").map((line) => line.split("=")));
      const stands = [is.X, is.Y, is.WIDTH, is.HEIGHT].map(Number);
      if (stands.join() !== [0, 0, ...size].join()) broken.push(`the window stands at ${stands} on a display of ${size}`);

      // Nobody gave the window its keys, and a scanner types.
      const [, , uri] = place.seals.find(([index]) => index === "12");
      for (let tries = 0; tries < 5; tries += 1) {
        x("type", "--delay", "2", "--", `${uri}\n`);
        const came = until("a verdict", () => kiosk.run(() => Boolean(document.querySelector(".verdict"))), 15);
        if (await came.catch(() => false)) break;
      }
      await sees("what a hand scanner typed", "verdict");
      await sees("idle again", "attract");

      await askToClose(where.name, Number(id));
      await pause(2000);
      await sees("the window still, which was asked to close", "attract");
      await kiosk.stop();
      console.log(`figure: filled without a window's manager: ${size.join("x")} pixels`);
    }
  } catch (error) {
    broken.push(String(error.stack ?? error));
  } finally {
    await bench.stop();
  }
  return broken;
}
