// The number under the code, typed on the screen or on a keyboard; the staff's PIN, on the screen alone.

import { clean, el } from "../dom.js";
import { actions } from "../parts/actions.js";
import { headline, why } from "../parts/panel.js";
import { strip } from "../parts/strip.js";

let typed = "";

/** Forgets what was typed. */
export function forget() {
  typed = "";
}

/** Takes a key of the pad, by its name; gives the whole number where it was ended. */
export function press(key, { length, least, group }) {
  if (key === "erase") typed = typed.slice(0, -1);
  else if (key === "enter") return typed.length >= least ? grouped(typed, group) : null;
  else if (typed.length < length) typed += key;
  return null;
}

const grouped = (text, group) => text.match(new RegExp(`.{1,${group}}`, "gu"))?.join("-") ?? "";

const key = (name, label, more = {}) => el("button", { type: "button", "data-key": name, ...more }, clean(label));

export function typing(view) {
  const { keypad } = view;
  const head = el("header", { class: "hero field" }, strip(view), headline(view.field.headline, 3), why(view.field.reason));
  if (!keypad) return [head, actions(view)];
  const secret = view.screen === "pin";
  const rest = "·".repeat(Math.max(0, keypad.length - typed.length));
  const shown = grouped(`${secret ? "●".repeat(typed.length) : typed}${rest}`, keypad.group);
  const filled = typed.length + Math.floor(Math.max(0, typed.length - 1) / keypad.group);
  return [
    head,
    el("div", { class: "pad" },
      el("div", { class: "typed code", role: "status", "aria-label": `${clean(keypad.label)} ${secret ? typed.length : grouped(typed, keypad.group)}` },
        el("span", {}, shown.slice(0, filled)), el("span", { class: "rest" }, shown.slice(filled))),
      el("div", { class: "keys" },
        ...keypad.rows.map((row) => el("div", { class: "keyrow" }, ...[...row].map((one) => key(one, one)))),
        el("div", { class: "ends" },
          key("erase", keypad.erase),
          key("enter", keypad.enter, { class: "enter", disabled: typed.length < keypad.least })))),
    actions(view),
  ];
}
