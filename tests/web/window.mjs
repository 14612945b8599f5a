// The kiosk itself: its real window, its camera and its scanner, from attract to idle reset.

import { eyes } from "./window/eyes.mjs";
import { lacking as standLacking, stand, until } from "./window/stand.mjs";

export const lacking = standLacking;

/** How long screens stay, in percent of what they do in a shop. */
const PATIENCE = 40;

/** That very text, whatever check symbol (`*~$=U`) ends it. */
const literally = (text) => new RegExp(text.replace(/[$*+?.()|[\]{}^\\]/gu, "\\$&"), "u");

/** A scanner's trigger is pulled again where nothing came of it, or another answer: a busy display tears its keys apart. */
async function scan(kiosk, text) {
  for (let tries = 0; tries < 5; tries += 1) {
    await kiosk.type(text);
    const came = until("a verdict", () => kiosk.run(() => Boolean(document.querySelector(".verdict.tone-half"))), 15);
    if (await came.catch(() => false)) return;
  }
}

/** Waits until a picture of the product stands on the screen. */
const pictured = (kiosk, name) => until(name, () => kiosk.run(() => {
  const shown = document.querySelector(".picture.here > img");
  return Boolean(shown) && shown.naturalWidth > 0 && getComputedStyle(shown).visibility === "visible";
}), 30);

export async function window(browser) {
  const broken = [];
  const bench = await stand(browser);
  const { seen, place } = bench;
  let steps = () => 0;
  try {
    const kiosk = await bench.driven(["--patience", String(PATIENCE)]);
    const eye = eyes(kiosk, "window");
    const { sees, act } = eye;
    steps = eye.steps;

    await sees("attract", "attract", "en");
    await act("scan");
    await sees("aiming", "aiming");
    await until("the camera's picture", () => kiosk.run(() => document.querySelector(".preview canvas")?.width > 1));
    await seen.show([place.label(41)]);
    await sees("a label is held up", "verdict", "tone-half", /record is genuine/u, /Blue Reverie/u);
    await pictured(kiosk, "the product's picture, whose hash the record binds");
    await act("show-story");
    await sees("its story", "story", /Shown here/u);
    await pictured(kiosk, "the picture in its story");
    await seen.show([]);
    await sees("idle again", "attract");

    await seen.show([place.label(6)], "MJPG");
    await sees("recalled, from a camera of the other kind", "tone-alarm", /Recalled/u);
    await act("switch-language");
    await sees("recalled in Chinese", "zh-CN", "tone-alarm", /召回/u);
    await seen.show([]);
    await sees("the first language again", "attract", "en");

    await seen.show([place.invented]);
    await sees("contradicted", "tone-alarm", /never registered/u);
    await seen.show([]);
    await sees("idle after an alarm", "attract");

    const [, , uri] = place.seals.find(([index]) => index === "12");
    await scan(kiosk, `${uri}\n`);
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
    await bench.stop();
  }
  console.log(`figure: screens of the real window: ${steps()} screens`);
  return broken;
}
