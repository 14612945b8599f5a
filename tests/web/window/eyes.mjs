// What stands on the kiosk's screen: waited for and, where SEALIGHT_SHOTS names a folder, kept as a picture.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pause } from "./screen.mjs";
import { until } from "./stand.mjs";

/** Sees and acts through a driven kiosk; pictures are called `TEST-NN-WHAT.png`. */
export function eyes(kiosk, test) {
  const shots = process.env.SEALIGHT_SHOTS;
  let steps = 0;
  const keep = async (name) => {
    mkdirSync(shots, { recursive: true });
    writeFileSync(join(shots, `${test}-${name.replace(/\W+/gu, "-")}.png`), await kiosk.shot());
  };
  // A page that is being loaded again shows nothing.
  const now = () => kiosk.run(() => {
    const stage = document.querySelector(".kiosk");
    const text = document.body.innerText.replace(/[\u200B\u2066-\u2069]/gu, "");
    return stage && { is: stage.className.split(" "), lang: document.documentElement.lang, text };
  }).catch(() => null);
  return {
    /** Waits for a screen: its classes, its language, and texts on it. */
    sees: async (what, ...wants) => {
      let last = null;
      const holds = (want) => (want instanceof RegExp ? want.test(last.text) : last.is.includes(want) || last.lang === want);
      try {
        await until(`${what}: ${wants}`, async () => {
          last = await now();
          return last && wants.every(holds);
        });
      } catch (error) {
        if (shots) await keep(`missing-${what}`);
        throw new Error(`${error.message}; there was ${JSON.stringify(last)}`);
      }
      steps += 1;
      if (shots) {
        // Pictures are taken once motion has ended.
        await pause(1500);
        await keep(`${String(steps).padStart(2, "0")}-${what}`);
      }
      return last;
    },
    /** Presses the button that sends this action. */
    act: (action) => kiosk.run((action) => document.querySelector(`[data-send='${JSON.stringify({ act: action })}']`)?.click(), action),
    /** Screens seen so far. */
    steps: () => steps,
  };
}
