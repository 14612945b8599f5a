// The kiosk's real window in a display of its own, driven by WebKitWebDriver.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";

const DRIVER = "/usr/bin/WebKitWebDriver";
const FIRST = 600;

/** Why no window can be driven here; null where one can. */
export function missing() {
  if (process.platform !== "linux") return "no Linux";
  for (const [path, of] of [[DRIVER, "webkit2gtk-driver"], ["/usr/bin/Xvfb", "xvfb"], ["/usr/bin/xdotool", "xdotool"]]) {
    if (!existsSync(path)) return `no ${path} (${of})`;
  }
  return null;
}

/** A port of loopback that nobody has. */
export const free = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A display of this size; its name, and how it ends. */
export async function display([width, height]) {
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp"],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const name = await new Promise((resolve, reject) => {
    server.stdio[3].once("data", (bytes) => resolve(`:${String(bytes).trim()}`));
    server.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { name, stop: () => server.kill() };
}

/** What a program in a display of its own finds in its environment. */
export const surroundings = (where, env) => ({
  ...process.env, ...env, DISPLAY: where.name,
  LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_COMPOSITING_MODE: "1", GDK_BACKEND: "x11", NO_AT_BRIDGE: "1",
});

/** The same, for a kiosk whose page a driver may take hold of. */
const drivable = (where, env) => ({ ...surroundings(where, env), TAURI_AUTOMATION: "true", TAURI_WEBVIEW_AUTOMATION: "true" });

/** Starts the kiosk in a display and takes hold of its page. */
export const open = (kiosk, args, where, env) =>
  driven([], { "webkitgtk:browserOptions": { binary: kiosk, args } }, drivable(where, env));

/** What a kiosk that others start finds in its environment, for `hold` to find it at this port. */
export const findable = (where, env, port) => ({ ...drivable(where, env), WEBKIT_INSPECTOR_SERVER: `127.0.0.1:${port}` });

/** Takes hold of the page of a kiosk that runs already; letting go leaves it running. */
export const hold = (where, env, port) => driven([`--target=127.0.0.1:${port}`], {}, drivable(where, env));

async function driven(options, capabilities, own) {
  const port = await free();
  const driver = spawn(DRIVER, [`--port=${port}`, ...options], { stdio: ["ignore", "inherit", "inherit"], env: own });
  const over = new Promise((done) => driver.once("exit", done));
  const ask = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value?.message ?? answer.status}`);
    return value;
  };
  const ready = async () => (await ask("GET", "/status").catch(() => null))?.ready;
  for (let tries = 0; !(await ready()); tries += 1) {
    if (tries > FIRST || driver.exitCode !== null) throw new Error("WebKitWebDriver does not answer");
    await pause(100);
  }
  const { sessionId } = await ask("POST", "/session", { capabilities: { alwaysMatch: capabilities } });
  const at = `/session/${sessionId}`;
  const run = (script, ...values) => ask("POST", `${at}/execute/sync`, { script: `return (${script})(...arguments)`, args: values });
  return {
    run,
    /** Presses an element with a finger: at the display, where the pad of a PIN listens alone. */
    press: async (css) => {
      const element = await ask("POST", `${at}/element`, { using: "css selector", value: css });
      await ask("POST", `${at}/element/${Object.values(element)[0]}/click`, {});
    },
    /** Holds a finger on an element. */
    hold: async (css, ms) => {
      const element = await ask("POST", `${at}/element`, { using: "css selector", value: css });
      const actions = [
        { type: "pointerMove", origin: element, x: 0, y: 0, duration: 0 }, { type: "pointerDown", button: 0 },
        { type: "pause", duration: ms }, { type: "pointerUp", button: 0 },
      ];
      await ask("POST", `${at}/actions`, { actions: [{ type: "pointer", id: "finger", parameters: { pointerType: "mouse" }, actions }] });
    },
    /** The driver, whose child the kiosk is. */
    driver: driver.pid,
    shot: async () => Buffer.from(await ask("GET", `${at}/screenshot`), "base64"),
    /** Keys as a scanner types them: at the display, one after the other without a pause. */
    type: (text) => new Promise((resolve, reject) => {
      const keys = spawn("xdotool", ["search", "--name", "^Sealight$", "windowfocus", "--sync", "type", "--delay", "2", "--", text], { env: own });
      keys.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`xdotool ended with ${code}`))));
    }),
    /** Lets go of the page and ends nothing. */
    release: () => { driver.kill("SIGKILL"); return over; },
    stop: async () => {
      await ask("DELETE", at).catch(() => {});
      driver.kill();
    },
  };
}
