// A kiosk on the bench: its programs, a camera, a ledger, a display; driven by a page driver or left alone.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PANELS } from "../kit.mjs";
import { camera, shim } from "./camera.mjs";
import { display, free, missing, open, pause, surroundings } from "./screen.mjs";
import { world } from "./world.mjs";

const target = resolve(fileURLToPath(new URL("../../..", import.meta.url)), process.env.CARGO_TARGET_DIR ?? "target");
const built = (name, ...profiles) =>
  profiles.map((profile) => join(target, profile, name)).find((path) => existsSync(path)) ?? join(target, profiles[0], name);
export const KIOSK = process.env.SEALIGHT_KIOSK ?? built("sealight-kiosk", "kiosk", "debug");
export const LAUNCH = process.env.SEALIGHT_LAUNCHER ?? built("sealight-launch", "debug");
export const COMMAND = process.env.SEALIGHT_COMMAND ?? built("sealight", "debug");
/** Seconds in which anything must come; a busy machine gets its time. */
export const LONGEST = 120;

/** Why the kiosk cannot be put on the bench here; null where it can. */
export function lacking() {
  for (const path of [KIOSK, COMMAND]) if (!existsSync(path)) return `${path} is not built`;
  return missing();
}

/** Waits until `what` gives something; says what there was otherwise. */
export async function until(name, what, seconds = LONGEST) {
  const end = Date.now() + seconds * 1000;
  let last = null;
  while (Date.now() < end) {
    last = await what();
    if (last) return last;
    await pause(200);
  }
  throw new Error(`${name} did not come in ${seconds} s`);
}

/** Everything that a test of the kiosk needs; `stop` ends all of it. */
export async function stand(browser) {
  const folder = mkdtempSync(join(tmpdir(), "sealight-stand-"));
  const ends = [];
  const stop = async (last = () => {}) => {
    for (const end of ends.splice(0).reverse()) await end();
    await last();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const library = shim(folder);
    const seen = await camera(browser, folder);
    const place = await world(COMMAND, folder);
    ends.push(() => place.stop());
    await seen.show([]);
    const where = await display(PANELS.upright);
    ends.push(() => where.stop());
    const port = await free();
    const log = join(folder, "frames.log");
    const env = { LD_PRELOAD: library, SEALIGHT_CAMERA: folder, SEALIGHT_CAMERA_LOG: log };
    // The night, in which the page gets another process, is far away.
    const night = String((new Date().getUTCHours() + 12) % 24);
    const usual = (home) => ["--night", night, "--minutes-east", "0", "--home", home, "--window", PANELS.upright.join("x"), "--scanner", "--sound", "off", "--metrics", String(port)];
    return {
      folder, seen, place, where, stop, env,
      /** What a kiosk is started with. */
      usual: usual(place.home),
      /** Something that ends with all else. */
      ends: (end) => ends.push(end),
      /** Milliseconds at which another picture was handed out. */
      frames: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").map(Number) : []),
      /** Counters as Prometheus reads them; null while nobody answers. */
      counters: async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => null);
        const text = await answer?.text();
        return text ? Object.fromEntries(text.split("\n").filter((line) => line && !line.startsWith("#")).map((line) => {
          const at = line.lastIndexOf(" ");
          return [line.slice("sealight_kiosk_".length, at), Number(line.slice(at))];
        })) : null;
      },
      /** The kiosk with its page in the hands of a driver. */
      driven: async (args = [], home = place.home) => {
        const kiosk = await open(KIOSK, [...usual(home), ...args], where, env);
        ends.push(() => kiosk.stop());
        return kiosk;
      },
      /** The kiosk as it runs in a shop. */
      alone: async (args = [], home = place.home) => {
        const kiosk = spawn(KIOSK, [...usual(home), ...args], { env: surroundings(where, env), stdio: ["ignore", "inherit", "inherit"] });
        const over = new Promise((done) => kiosk.once("exit", (code) => done(code)));
        const end = async () => { kiosk.kill(); await over; };
        ends.push(end);
        return { pid: kiosk.pid, over, end };
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Answers in all, of counters. */
export const answers = (counters) =>
  Object.entries(counters ?? {}).filter(([name]) => name.startsWith("answers_total")).reduce((sum, [, count]) => sum + count, 0);

/** Processes below one and itself, by their program's name if there is one. */
export function below(pid, name = null) {
  const parents = new Map();
  for (const entry of readdirSync("/proc").filter((one) => /^\d+$/u.test(one))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const end = stat.lastIndexOf(")");
      parents.set(Number(entry), { parent: Number(stat.slice(end + 2).split(" ")[1]), name: stat.slice(stat.indexOf("(") + 1, end), state: stat[end + 2] });
    } catch { /* it has ended meanwhile */ }
  }
  const isBelow = (one) => {
    for (let at = one; at > 1; at = parents.get(at)?.parent ?? 0) if (at === pid) return true;
    return false;
  };
  return [...parents].filter(([one, is]) => is.state !== "Z" && (name?.startsWith(is.name.slice(0, 15)) ?? true) && isBelow(one)).map(([one]) => one);
}

/** Kilobytes that a process holds for itself: what is mapped from files is shared, and its share changes with other processes. */
export function memory(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "mu").exec(text)?.[1] ?? 0);
  return of("Pss_Anon") + of("Pss_Shmem") + of("SwapPss");
}
