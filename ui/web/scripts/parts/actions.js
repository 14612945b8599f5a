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

const isMore = ({ action }) => action === "show-all";

/** After how many moments of the story some are left out, which a button shows; null where none are. */
export const moreAfter = (view) => (view.actions.some(isMore) && view.story?.hidden_after) || null;

/** The button that shows them, which stands in their place. */
export const more = (view) => view.actions.filter(isMore).map((action) => button(action, view));

export function actions(view) {
  const placed = moreAfter(view);
  const of = (quiet) => view.actions.filter((one) => (one.rank === "quiet") === quiet && !(placed && isMore(one)));
  const quiets = of(true).map((action) => button(action, view));
  return el("div", { class: "acts" },
    el("div", { class: "pair" }, ...of(false).map((action) => button(action, view))),
    quiets.length ? el("div", { class: "quiets" }, ...quiets) : null);
}

/** Other codes in view, under what they are. */
export function others({ others: list, others_title: title }) {
  if (list.length === 0) return null;
  const choice = (text, at) =>
    el("li", {}, el("button", sends({ act: { choose: at } }), el("span", { class: "most-1" }, clean(text))));
  return el("div", { class: "others" },
    title ? el("h2", { id: "others", class: "most-2" }, clean(title)) : null,
    el("ul", { "aria-labelledby": title ? "others" : null }, ...list.map(choice)));
}
