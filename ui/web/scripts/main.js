// The page: draws what the host shows, tells it what a person does.

import { follow } from "./camera.js";
import { clean } from "./dom.js";
import { draw } from "./draw.js";
import { onView, send } from "./host.js";
import { animate } from "./screens/attract.js";
import { forget, press } from "./screens/typing.js";
import { play } from "./sound.js";
import { measure } from "./stage.js";

const stage = document.getElementById("stage");
const aloud = document.getElementById("aloud");
const warned = document.getElementById("warned");
let view = null;
let drawn = false;
let works = true;
let said = null;
let heard = null;
let lastKey = -Infinity;
let held = null;
let active = -Infinity;
let waiting = null;
let tap = { at: -Infinity, x: 0, y: 0, button: null };

/** Milliseconds between keys that no person types. */
const BURST = 30;
/** Milliseconds after which the host is told again that somebody is there. */
const ACTIVE = 1_000;
/** Milliseconds for which the wordmark is held to get to the staff's page. */
const HELD = 3_000;
/** Milliseconds and pixels within which a second tap belongs to the first. */
const DOUBLE = 400;
const NEAR = 30;
/** Milliseconds between two signs of life. */
const ALIVE = 2_000;
/** Milliseconds after which a view that was drawn counts, painted or not. */
const UNPAINTED = 10_000;
/** Most milliseconds by which two clocks that run together differ. */
const CLOSE = 10_000;

/** How the kiosk was set up: what the shell's address says, of the values that there are. */
function settle() {
  const asked = new URLSearchParams(location.search);
  const known = { theme: ["light", "dark"], sound: ["off", "low", "normal"], camera: ["top", "left", "right", "bottom"] };
  for (const [name, values] of Object.entries(known)) {
    if (values.includes(asked.get(name))) document.documentElement.dataset[name] = asked.get(name);
  }
  // The operator's own, whose contrast the host has seen to.
  const colour = asked.get("colour") ?? "";
  if (/^[0-9A-F]{6}$/u.test(colour)) document.documentElement.style.setProperty("--porcelain", `#${colour}`);
}

/** Tells that a view stands on the screen: after the frame that it is painted in. A panel that is dark at night asks for none. */
function tellDrawn() {
  const tell = () => send("drawn");
  requestAnimationFrame(() => setTimeout(tell));
  setTimeout(tell, UNPAINTED);
}

/** Draws the view. Where that fails nothing is left standing: what was there may be another visitor's. */
function put() {
  works = false;
  try {
    const fresh = draw(view, stage);
    works = true;
    return fresh;
  } catch (error) {
    stage.replaceChildren();
    for (const region of [aloud, warned]) region.textContent = "";
    throw error;
  } finally {
    follow(stage.querySelector(".preview canvas"));
  }
}

/** What there is to be said, without the seconds that go by until it asks again: they are no news. */
const news = ({ aloud: words, retries }) => (retries ? words.replace(/\d+/gu, "") : words);

/** Says to who listens what is new on the screen, and once that it is about to clear itself. */
function announce(fresh) {
  if (fresh || news(view) !== said) aloud.textContent = clean(view.aloud);
  said = news(view);
  const warning = view.clears?.warning ?? "";
  if (!warning || !warned.textContent) warned.textContent = clean(warning);
}

function show(next) {
  view = next;
  const fresh = put();
  if (!drawn) tellDrawn();
  drawn = true;
  announce(fresh);
  const sounds = view.sound && heard !== view.turn;
  heard = view.turn;
  if (sounds) play(view.sound, document.documentElement.dataset.sound);
}

/** Tells that somebody is there, so that the screen stays: who goes by keys or a switch, or scrolls, touches no button. */
function touch() {
  const now = performance.now();
  if (now - active < ACTIVE) return;
  active = now;
  send({ act: "touch" });
}

/** A scan's first key looks like a person's until the next one comes: it waits for that long. */
function awaitScan(key) {
  waiting = { key, timer: setTimeout(settleKey, BURST, true) };
}

/** The key that waits was a person's, who is there, or a scan's: what a hands-free scanner sees is nobody. */
function settleKey(person) {
  const was = waiting;
  waiting = null;
  clearTimeout(was?.timer);
  if (!was || !person) return;
  touch();
  if (was.key !== null && view?.keypad) type(was.key);
}

/** A key of the pad, from the screen or from a keyboard. */
function type(key) {
  const number = press(key, view.keypad);
  if (number === null) touch();
  else if (view.screen === "pin") {
    send({ pin: number });
    forget();
  } else send({ typed: number });
  put();
}

/** Whether a second tap hits something else than the first did: it came under the finger meanwhile, and nobody meant it. */
function strays({ detail, clientX: x, clientY: y }, button) {
  // What a key presses has no place.
  if (!detail) return false;
  const at = performance.now();
  const second = at - tap.at < DOUBLE && Math.hypot(x - tap.x, y - tap.y) < NEAR;
  if (second && button !== tap.button) return true;
  tap = { at, x, y, button };
  return false;
}

stage.addEventListener("click", (event) => {
  // A PIN comes from fingers alone: what a key presses has no clicks to count.
  if (view?.screen === "pin" && !event.detail) return;
  const button = event.target.closest("button");
  if (strays(event, button)) return;
  if (button?.dataset.key) type(button.dataset.key);
  else if (button?.dataset.send) send(JSON.parse(button.dataset.send));
  else if (view?.screen === "attract") send({ act: "scan" });
  else touch();
});

// What moves a region counts, not that it moved: a view that is drawn anew moves it too.
for (const moved of ["pointerdown", "wheel", "touchmove"]) addEventListener(moved, touch, { capture: true, passive: true });

// Whoever holds the wordmark down for so long is of the staff, or will not know the PIN.
stage.addEventListener("pointerdown", ({ target }) => {
  clearTimeout(held);
  if (target.closest(".word")) held = setTimeout(() => send({ act: "staff" }), HELD);
});
for (const end of ["pointerup", "pointercancel", "pointerleave"]) stage.addEventListener(end, () => clearTimeout(held));

addEventListener("keydown", (event) => {
  const { key, code, ctrlKey, altKey, shiftKey, timeStamp } = event;
  // The display server's time, which wraps after 49 days: then the page's own.
  const at = Math.abs(timeStamp - performance.now()) < CLOSE ? timeStamp : performance.now();
  // Scanners type; the host tells a scan from a person.
  send({ key: { code, shift: shiftKey, control: ctrlKey, alt: altKey || event.getModifierState("AltGraph"), at: Math.max(0, Math.round(at)) } });
  // A scanner's keys must not press what has the focus, nor scroll or leave the page.
  const burst = at - lastKey < BURST;
  lastKey = at;
  settleKey(!burst);
  // A key that something lies on is nobody, and presses nothing again and again.
  const presses = ["Enter", " "].includes(key) && event.repeat;
  if (burst || presses || view?.screen === "pin" || !["Enter", " ", "Tab"].includes(key) && !key.startsWith("Arrow")) event.preventDefault();
  if (!burst && !event.repeat) awaitScan(typed(event));
});

/** What a key types on the pad that is shown; null where it types nothing. */
function typed({ key, target, ctrlKey, altKey, metaKey }) {
  if (!view?.keypad || view.screen === "pin" || ctrlKey || altKey || metaKey || target.closest?.("button")) return null;
  const symbol = { Backspace: "erase", Enter: "enter" }[key] ?? key.toUpperCase();
  const isKey = ["erase", "enter"].includes(symbol) || view.keypad.rows.some((row) => symbol.length === 1 && row.includes(symbol));
  return isKey ? symbol : null;
}
addEventListener("contextmenu", (event) => event.preventDefault());
addEventListener("resize", () => {
  measure();
  if (view) put();
});
setInterval(() => animate(stage), 500);
// Whoever watches the page loads it again once this is missing: a page that cannot draw is no better than one that hangs.
setInterval(() => works && send("alive"), ALIVE);

settle();
measure();
document.fonts.ready.then(() => view && put());
onView(show);
// For a page that lists views, and for tests: the same door that the host uses.
addEventListener("message", ({ data, source, origin }) => {
  if (source === window && origin === location.origin && data?.view) show(data.view);
});
