// The kiosk itself: its real window, its camera and its scanner, from attract to idle reset.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PANELS } from "./kit.mjs";
import { camera, shim } from "./window/camera.mjs";
import { display, missing, open, pause } from "./window/screen.mjs";
import { COMMAND, KIOSK } from "./window/stand.mjs";
import { world } from "./window/world.mjs";

/** Seconds in which anything must come; a busy machine gets its time. */
const LONGEST = 60;
/** How long screens stay, in percent of what they do in a shop. */
const PATIENCE = 40;

/** That very text, whatever check symbol (`*~$=U`) ends it. */
const literally = (text) => new RegExp(text.replace(/[$*+?.()|[\]{}^\\]/gu, "\\$&"), "u");

export function lacking() {
  for (const path of [KIOSK, COMMAND]) if (!existsSync(path)) return `${path} is not built`;
  return missing();
}

export async function window(browser) {
  const folder = mkdtempSync(join(tmpdir(), "sealight-window-"));
  const shots = process.env.SEALIGHT_SHOTS;
  if (shots) mkdirSync(shots, { recursive: true });
  const broken = [];
  const ends = [];
  let steps = 0;
  try {
    const library = shim(folder);
    const seen = await camera(browser, folder);
    const place = await world(COMMAND, folder);
    ends.push(() => place.stop());
    await seen.show([]);
    const where = await display(PANELS.upright);
    ends.push(() => where.stop());
    const [width, height] = PANELS.upright;
    const args = ["--home", place.home, "--window", `${width}x${height}`, "--scanner", "--sound", "off", "--patience", String(PATIENCE)];
    const kiosk = await open(KIOSK, args, where, { LD_PRELOAD: library, SEALIGHT_CAMERA: folder });
    ends.push(() => kiosk.stop());

    /** What stands on the screen now. */
    const now = () => kiosk.run(() => {
      const stage = document.querySelector(".kiosk");
      return stage && { is: stage.className.split(" "), lang: document.documentElement.lang, text: document.body.innerText.replace(/[\u200B\u2066-\u2069]/gu, "") };
    });
    /** Waits for a screen and, if given, a text on it. */
    const sees = async (what, ...wants) => {
      const until = Date.now() + LONGEST * 1000;
      let last = null;
      while (Date.now() < until) {
        last = await now();
        if (last && wants.every((want) => (want instanceof RegExp ? want.test(last.text) : last.is.includes(want) || last.lang === want))) {
          steps += 1;
          // Pictures are taken once motion has ended.
          if (shots) await pause(1500);
          if (shots) writeFileSync(join(shots, `${String(steps).padStart(2, "0")}-${what.replace(/\W+/gu, "-")}.png`), await kiosk.shot());
          return last;
        }
        await pause(100);
      }
      if (shots) writeFileSync(join(shots, `missing-${what.replace(/\W+/gu, "-")}.png`), await kiosk.shot());
      throw new Error(`${what}: ${wants} did not come; there was ${JSON.stringify(last)}`);
    };
    const press = (action) => kiosk.run((action) => document.querySelector(`[data-send='${JSON.stringify({ act: action })}']`)?.click(), action);

    await sees("attract", "attract", "en");
    await seen.show([place.label(41)]);
    await sees("a label is held up", "verdict", "tone-half", /record is genuine/u, /Blue Reverie/u);
    await press("show-story");
    await sees("its story", "story", /Shown here/u);
    await seen.show([]);
    await sees("idle again", "attract");

    await seen.show([place.label(6)], "MJPG");
    await sees("recalled, from a camera of the other kind", "tone-alarm", /Recalled/u);
    await press("switch-language");
    await sees("recalled in Chinese", "zh-CN", "tone-alarm", /召回/u);
    await seen.show([]);
    await sees("the first language again", "attract", "en");

    await seen.show([place.invented]);
    await sees("contradicted", "tone-alarm", /never registered/u);
    await seen.show([]);
    await sees("idle after an alarm", "attract");

    const [, , uri] = place.seals.find(([index]) => index === "12");
    await kiosk.type(`${uri}\n`);
    await sees("a hand scanner", "verdict", "tone-half", /record is genuine/u);
    await seen.show([place.label(14), place.label(15)]);
    await sees("another label, and one beside it", "verdict", /BR-00015/u, literally(place.seals[16][1]));

    await seen.show([]);
    place.stop();
    await sees("idle before the network goes", "attract");
    await seen.show([place.label(900)]);
    await sees("unproven", "tone-unproven", /Not proven yet/u);
    await seen.show([place.label(41)]);
    await sees("a stored record without network", "tone-half", /No network/u);
    await place.start();
    await seen.unplug();
    await sees("no camera", "trouble", /camera does not answer/u);
    await seen.show([place.label(41)]);
    await sees("the camera is back", "verdict", "tone-half");
  } catch (error) {
    broken.push(String(error.stack ?? error));
  } finally {
    for (const end of ends.reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`figure: screens of the real window: ${steps} screens`);
  return broken;
}

