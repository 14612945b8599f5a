// A kiosk that cannot start says in its window what it lacks, and starts once that is there.

import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eyes } from "./window/eyes.mjs";
import { pause } from "./window/screen.mjs";
import { below, lacking as standLacking, stand, until } from "./window/stand.mjs";

export const lacking = standLacking;

/** The exit code with which a kiosk asks to be started again. */
const RESTART = 75;
/** Seconds in which it looks again, and as many for a busy machine. */
const LOOKS = 60;

export async function starts(browser) {
  const broken = [];
  const bench = await stand(browser);
  try {
    const home = join(bench.folder, "empty");
    let kiosk = await bench.driven([], home);
    const before = eyes(kiosk, "starts");
    await before.sees("no trust file", "trouble", "en", /cannot start yet/u, /no trust file/u);
    await before.act("switch-language");
    await before.sees("no trust file, in Chinese", "trouble", "zh-CN");
    await kiosk.stop();

    const alone = await bench.alone([], home);
    // It has looked before it opens its window.
    await until("its window", () => below(alone.pid, "WebKitWebProcess")[0]);
    copyFileSync(join(bench.place.home, "trust"), join(home, "trust"));
    const code = await Promise.race([alone.over, pause(LOOKS * 1000).then(() => "no end")]);
    if (code !== RESTART) broken.push(`the trust file came, and the kiosk ended with ${code}, not ${RESTART}`);

    // Half a configuration is told to staff and keeps nobody from an answer.
    writeFileSync(join(home, "config.json"), '{"version":1,');
    kiosk = await bench.driven([], home);
    const after = eyes(kiosk, "started");
    await after.sees("a trust file, and half a configuration", "attract", "en");
    console.log(`figure: screens of a kiosk that lacked something: ${before.steps() + after.steps()} screens`);
  } catch (error) {
    broken.push(String(error.stack ?? error));
  } finally {
    await bench.stop();
  }
  return broken;
}
