// From a frame that the camera hands out to the answer on the page, for labels whose records are here.

import { LONGEST, lacking as standLacking, stand, until } from "./window/stand.mjs";
import { pause } from "./window/screen.mjs";

const SCANS = Number(process.env.SEALIGHT_KIOSK_SCANS ?? 1000);
/** Milliseconds that 19 in 20 answers may take. */
const MOST = 150;
const LABELS = [20, 21, 22, 23, 24, 25, 26, 27];

export const lacking = standLacking;

export async function answers(browser) {
  const broken = [];
  const bench = await stand(browser);
  try {
    const kiosk = await bench.driven(["--patience", "1000"]);
    const pictures = await Promise.all(LABELS.map((label) => bench.seen.picture([bench.place.label(label)])));
    await until("the page", () => kiosk.run(() => Boolean(document.querySelector(".attract"))));
    // Notes when the page shows another serial than before.
    await kiosk.run(() => {
      globalThis.shown = [];
      new MutationObserver(() => {
        const serial = /BR-\d{5}/u.exec(document.querySelector(".verdict")?.textContent ?? "")?.[0];
        if (serial && globalThis.shown.at(-1)?.[1] !== serial) globalThis.shown.push([Date.now(), serial]);
      }).observe(document.getElementById("stage"), { childList: true, subtree: true, characterData: true });
    });
    const shown = () => kiosk.run(() => globalThis.shown);
    const serial = (at) => `BR-${String(LABELS[at] + 1).padStart(5, "0")}`;
    const hold = async (at) => {
      const before = (await shown()).length;
      pictures[at]();
      const until_ = Date.now() + LONGEST * 1000;
      for (;;) {
        const all = await shown();
        if (all.length > before && all.at(-1)[1] === serial(at)) return all.at(-1)[0];
        if (Date.now() > until_) throw new Error(`${serial(at)} did not come; there was ${JSON.stringify(all.at(-1))}`);
        await pause(60);
      }
    };
    for (const at of pictures.keys()) await hold(at);
    const first = bench.frames().length;
    const seen = [];
    for (let scan = 0; scan < SCANS; scan += 1) seen.push(await hold(scan % pictures.length));
    const frames = bench.frames().slice(first);
    if (frames.length !== seen.length) broken.push(`${frames.length} frames for ${seen.length} scans`);
    const times = seen.map((at, scan) => at - frames[scan]).sort((one, two) => one - two);
    const under = (part) => times[Math.min(times.length - 1, Math.ceil(times.length * part) - 1)];
    console.log(`figure: scans in the running app: ${times.length} scans`);
    console.log(`figure: frame to view, half of them: ${under(0.5)} ms`);
    console.log(`figure: frame to view, 95 in 100: ${under(0.95)} ms`);
    console.log(`figure: frame to view, longest: ${times.at(-1)} ms`);
    if (under(0.95) > MOST) broken.push(`95 in 100 answers took up to ${under(0.95)} ms, more than ${MOST}`);
  } catch (error) {
    broken.push(String(error.stack ?? error));
  } finally {
    await bench.stop();
  }
  return broken;
}
