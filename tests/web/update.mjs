// The real kiosk under the real launcher: an update that comes up stays, one that does not is gone back from, and what is not to be trusted is refused.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { eyes } from "./window/eyes.mjs";
import { MINISIGN, bring, depot, flipped, maker, operator } from "./window/release.mjs";
import { pause } from "./window/screen.mjs";
import { service } from "./window/service.mjs";
import { KIOSK, LAUNCH, lacking as standLacking, stand } from "./window/stand.mjs";

/** How long screens stay, in percent of what they do in a shop. */
const PATIENCE = 20;
/** Seconds that a version has that will never show anything. */
const TRIAL = 8;

export function lacking() {
  if (!existsSync(LAUNCH)) return `${LAUNCH} is not built`;
  if (!existsSync(MINISIGN)) return `no ${MINISIGN} (minisign)`;
  return standLacking();
}

export async function update(browser) {
  const broken = [];
  const begun = Date.now();
  const bench = await stand(browser);
  const kiosk = {};
  const eye = eyes(kiosk, "update");
  let launcher = null;
  try {
    const program = readFileSync(KIOSK);
    const makes = maker(join(bench.folder, "maker"));
    const [first, second] = [1, 2].map((release) => makes.release(release, program));
    const sleeps = makes.release(3, Buffer.from("#!/bin/sh\nexec sleep 1000\n"));
    const ends = makes.release(4, Buffer.from("#!/bin/sh\nexit 1\n"));
    const from = await depot();
    bench.ends(from.stop);
    const options = [...operator(join(bench.folder, "operator"), from.address), "--patience", String(PATIENCE)];
    launcher = await service(bench, makes.key, first, options);
    const note = (name) => { const path = join(launcher.root, name); return existsSync(path) ? readFileSync(path, "utf8").trim() : null; };
    const stands = (what, current, refused) => {
      const is = [note("current"), note("trial"), note("refused")];
      const wants = [current, null, refused];
      if (is.join() !== wants.join()) broken.push(`${what}: current, trial and refused are ${is}, not ${wants}`);
    };
    /** The window of a slot's program comes up and answers for a label. */
    const answers = async (what, slot, label) => {
      Object.assign(kiosk, await launcher.comesUp(slot));
      await eye.sees(`${what} shows its window`, "attract");
      await bench.seen.show([bench.place.label(label)]);
      await eye.sees(`${what} answers`, "verdict", "tone-half", /record is genuine/u);
      await bench.seen.show([]);
      await eye.sees(`${what} waits again`, "attract");
      await kiosk.release();
    };

    // A newer release is fetched at the start, and taken once the night has come and nobody is here.
    from.offer(second);
    await launcher.start(await soon());
    await answers("the first release", "a", 41);
    await launcher.says("the new version came up");
    await launcher.says("release 2 waits to be installed");
    stands("with an update that waits", "a", null);
    await launcher.says("release 2 is installed, on trial");
    await answers("the second release", "b", 42);
    await launcher.says("ended with code 75");
    stands("after an update", "b", null);

    // It stays, and neither a manifest that was changed nor an older release changes that.
    bring(first, launcher.root);
    from.offer(flipped(sleeps));
    await launcher.start(DAY);
    await answers("the second release, after a restart", "b", 43);
    await launcher.says("update not installed: release 1 is not above 2");
    await launcher.says("no update: the signature does not hold");
    stands("after what is refused", "b", null);

    // The same the other way round, with one that draws nothing on its trial.
    bring(flipped(second), launcher.root);
    from.offer(first);
    await launcher.start(DAY);
    await launcher.says("update not installed: the signature does not hold");
    await launcher.says("no update: release 1 is not above 2");
    bring(sleeps, launcher.root);
    from.offer(ends);
    await launcher.start(DAY, { trial: TRIAL });
    await launcher.says("release 3 is installed, on trial");
    await launcher.says("went back from release 3 to 2");
    await answers("the second release, after one that draws nothing", "b", 44);
    await launcher.says("release 4 waits to be installed");
    stands("after one that draws nothing", "b", "3");

    await launcher.start(DAY);
    await launcher.says("ended with code 1");
    await launcher.says("went back from release 4 to 2");
    await answers("the second release, after one that ends at once", "b", 45);
    await launcher.says("no update: release 4: releases up to 4 were refused here");
    stands("after one that ends at once", "b", "4");
    await launcher.stop();
    const left = readdirSync(launcher.root).filter((name) => ["arriving", "incoming"].includes(name) || name.endsWith(".new"));
    if (left.length) broken.push(`left in the launcher's folder: ${left}`);
  } catch (error) {
    broken.push(String(error.stack ?? error), ...(launcher?.told() ?? "").trim().split("\n").slice(-12));
  } finally {
    await kiosk.release?.();
    await bench.stop();
  }
  console.log(`figure: screens of the real window under the launcher: ${eye.steps()} screens`);
  console.log(`figure: from the first start to the last way back: ${Math.round((Date.now() - begun) / 1000)} s`);
  return broken;
}

/** Noon, however late it is. */
const DAY = at(12 * 60);

/** A minute before the night, early in that minute: the kiosk looks at its clock once a minute. */
async function soon() {
  const seconds = new Date().getUTCSeconds();
  if (seconds > 30) await pause((60 - seconds) * 1000);
  return at(3 * 60 - 1);
}

/** Options by which this minute of local time is it now; night is at three. */
function at(minute) {
  const now = new Date();
  const east = minute - now.getUTCHours() * 60 - now.getUTCMinutes();
  return ["--night", "3", "--minutes-east", String(east < -840 ? east + 1440 : east)];
}
