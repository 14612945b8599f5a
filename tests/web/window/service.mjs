// The launcher as a service runs it: with its log, and both it and its kiosk ended together.

import { execFileSync, spawn } from "node:child_process";
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { findable, free, hold } from "./screen.mjs";
import { LAUNCH, below, until } from "./stand.mjs";

/** A launcher's folder on a bench, with the first release in it. */
export async function service(bench, key, first, options) {
  const root = join(bench.folder, "program");
  const log = join(bench.folder, "launch.log");
  const port = await free();
  const env = findable(bench.where, bench.env, port);
  let running = null;
  let before = 0;
  mkdirSync(root);
  copyFileSync(key, join(root, "update.pub"));
  execFileSync(LAUNCH, ["--root", root, "install", first]);

  const told = () => (existsSync(log) ? readFileSync(log, "utf8").slice(before) : "");
  const stop = async () => {
    if (!running) return;
    // It starts nothing more while what it has started is looked for.
    running.kill("SIGSTOP");
    const all = below(running.pid);
    for (const pid of all) try { process.kill(pid, "SIGKILL"); } catch { /* it has ended meanwhile */ }
    await until("the end of the launcher and all it started", () => !all.some((pid) => below(pid).length));
    running = null;
  };
  bench.ends(stop);
  return {
    root,
    stop,
    /** What was told since the last start. */
    told,
    /** Starts the launcher, as a service that was restarted does. */
    start: async (more, { trial } = {}) => {
      await stop();
      before += told().length;
      const out = openSync(log, "a");
      const args = ["--root", root, ...(trial ? ["--trial", String(trial)] : []), "run", ...bench.usual, ...options, ...more];
      running = spawn(LAUNCH, args, { env, stdio: ["ignore", out, out] });
      closeSync(out);
    },
    /** Waits until launcher or kiosk has said this since the last start. */
    says: (text) => until(`"${text}" in the log`, () => told().includes(text)),
    /** Takes hold of the page once the window of the program in this slot is up. */
    comesUp: async (slot) => {
      const program = join(root, slot, "sealight-kiosk");
      await until(`a window of ${program}`, () => window(env) === program);
      return hold(bench.where, bench.env, port);
    },
  };
}

/** The program whose window is on the display; null where there is none. */
function window(env) {
  try {
    const pid = execFileSync("xdotool", ["search", "--onlyvisible", "--name", "^Sealight$", "getwindowpid"], { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return readlinkSync(`/proc/${pid.trim()}/exe`);
  } catch { return null; }
}
