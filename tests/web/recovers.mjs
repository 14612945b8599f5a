// The kiosk as it runs in a shop, seen from outside: its page is killed, the network comes and goes, the disk is full.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answers, below, lacking as standLacking, stand, until } from "./window/stand.mjs";

const KILLS = 2;
const FLAPS = 3;

export const lacking = standLacking;

export async function recovers(browser) {
  const broken = [];
  const bench = await stand(browser);
  const disk = join(bench.folder, "disk");
  let mounted = false;
  try {
    mkdirSync(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=12m", "sealight-test", disk], { stdio: "ignore" });
      mounted = true;
    } catch { console.log("skipped: no small disk can be mounted here to be filled"); }
    const home = mounted ? join(disk, "device") : bench.place.home;
    if (mounted) cpSync(bench.place.home, home, { recursive: true });
    const counted = (name, least) => until(`${name} of ${least}`, async () => (((await bench.counters()) ?? {})[name] ?? -1) >= least);
    await night(bench, counted, broken);
    const kiosk = await bench.alone(["--patience", "10"], home);
    let label = 20;
    let told = 0;
    /** Holds up a label that was never seen here, and waits for its answer. */
    const scan = async () => {
      await bench.seen.show([bench.place.label(label)]);
      label += 1;
      told += 1;
      await until(`answer ${told}`, async () => answers(await bench.counters()) >= told);
    };
    await counted("page_up", 1);
    await scan();

    for (let kill = 1; kill <= KILLS; kill += 1) {
      const page = await until("the page's process", () => below(kiosk.pid, "WebKitWebProcess")[0]);
      process.kill(page, "SIGKILL");
      await counted("page_reloads_total", kill);
      await until("another page's process", () => below(kiosk.pid, "WebKitWebProcess").some((one) => one !== page));
      await counted("page_up", 1);
      await scan();
    }

    for (let flap = 0; flap < FLAPS; flap += 1) {
      bench.place.stop();
      await scan();
      await bench.place.start();
      await scan();
    }

    if (mounted) {
      await scan();
      const before = (await bench.counters())["not_kept_total"];
      fill(join(disk, "full"));
      const first = label;
      for (let times = 0; times < 3; times += 1) await scan();
      const full = (await bench.counters())["not_kept_total"] - before;
      if (!full) broken.push("the disk was full and nothing was told as not kept");
      rmSync(join(disk, "full"));
      await until("what found no room, kept later", async () => {
        const counters = await bench.counters();
        return counters && counters["kept_later_total"] === counters["not_kept_total"];
      });
      console.log(`figure: proofs that found no room and were kept later: ${full} proofs`);
      // Without a network all of it is still there.
      bench.place.stop();
      const proven = async () => {
        const counters = await bench.counters();
        return Object.entries(counters).filter(([name]) => /answers_total\{case="(?:e1|stale)"\}/u.test(name)).reduce((sum, [, count]) => sum + count, 0);
      };
      for (let at = first; at < label; at += 1) {
        const was = await proven();
        await bench.seen.show([bench.place.label(at)]);
        await until(`label ${at} from the disk`, async () => (await proven()) > was);
        told += 1;
      }
    }
    const counters = await bench.counters();
    if (answers(counters) < told) broken.push(`${told} scans had ${answers(counters)} answers`);
    console.log(`figure: page's process killed: ${KILLS} times`);
    console.log(`figure: network gone and back: ${FLAPS} times`);
    console.log(`figure: scans, each with its answer: ${told} scans`);
  } catch (error) {
    broken.push(String(error.stack ?? error));
  } finally {
    // The folder can only go once nothing is mounted in it.
    await bench.stop(() => mounted && execFileSync("umount", ["-l", disk], { stdio: "ignore" }));
  }
  return broken;
}

/** Starts a kiosk shortly before its hour of the night: its page gets another process, and nobody counts that as a fault. */
async function night(bench, counted, broken) {
  const now = new Date();
  // A minute or less is left until then, and enough of it for a start.
  const minute = now.getUTCSeconds() < 30 ? 59 : 58;
  const local = ["--night", String((now.getUTCHours() + 1) % 24), "--minutes-east", String(minute - now.getUTCMinutes())];
  const kiosk = await bench.alone(local);
  const processes = () => below(kiosk.pid, "WebKitWebProcess");
  const first = await until("the page's process", () => processes()[0]);
  await until("another process of the page in the night", () => processes().length > 0 && !processes().includes(first));
  await counted("page_up", 1);
  if ((await bench.counters()).page_reloads_total) broken.push("the night's other process was counted as a fault");
  console.log("figure: the night's other process of the page: 1 process");
  await kiosk.end();
}

/** Writes a file until there is no room. */
function fill(path) {
  for (let size = 1 << 20; size >= 1; size >>= 4) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: "a" });
    } catch { /* full, to this size */ }
  }
}
