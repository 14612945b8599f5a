// Buttons in the order and rank of the view.

import { clean, el } from "../dom.js";
import { icon } from "../shapes.js";

const ICON = {
  "show-story": "forward", "show-all": "list", "back": "back", "tell-brand": "send", "send-report": "send", "call-staff": "call",
  "retry": "again", "scan": "scan", "type": "keys", "hand-scanner": "scanner", "read-aloud": "speak",
  "show-history": "list", "set-aside": "aside",
};
const AFTER = new Set(["show-story"]);

/** What a button sends, to be found again by the listener of the page. */
export const sends = (input) => ({ type: "button", "data-send": JSON.stringify(input) });

function button({ action, label, rank }, view) {
  const drawn = ICON[action] ? icon(ICON[action]) : null;
  const text = el("span", { class: rank === "quiet" ? "most-1" : "most-2" }, clean(label));
  const last = action === "done" && view.clears?.last;
  const lang = action === "switch-language" ? view.next_language : null;
  const attributes = { ...sends({ act: action }), class: last ? `${rank} last` : rank, lang };
  return el("button", attributes, ...(AFTER.has(action) ? [text, drawn] : [drawn, text]));
}

export function actions(view) {
  const of = (quiet) => view.actions.filter(({ rank }) => (rank === "quiet") === quiet);
  const quiets = of(true).map((action) => button(action, view));
  return el("div", { class: "acts" },
    el("div", { class: "pair" }, ...of(false).map((action) => button(action, view))),
    quiets.length ? el("div", { class: "quiets" }, ...quiets) : null);
}

/** Other codes in view. */
export const others = (view) =>
  view.others.length === 0 ? null : el("ul", { class: "others" },
    ...view.others.map((text, at) =>
      el("li", {}, el("button", sends({ act: { choose: at } }), el("span", { class: "most-1" }, clean(text))))));
