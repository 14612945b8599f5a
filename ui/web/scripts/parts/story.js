// What the record says, the stations and their route, and the timeline.

import { clean, coded, el, rich } from "../dom.js";
import { mark } from "../shapes.js";
import { more, moreAfter } from "./actions.js";

export const facts = ({ facts: list }) =>
  el("dl", { class: "facts", "data-region": true }, ...list.map(({ label, value }) =>
    el("div", {}, el("dt", { class: "most-2" }, clean(label)), el("dd", { class: "most-2" }, ...coded(value)))));

const station = (number) => el("span", { class: "station" }, String(number));

/** Stations in a row, as on a line of stops: no map, no distances. */
export function route({ places, legs }) {
  if (places.length === 0) return null;
  const stop = (place, at) => {
    const open = [at > 0 && !legs[at - 1] ? "open-before" : "", at < legs.length && !legs[at] ? "open-after" : ""];
    return el("li", { class: open.join(" ").trim() || null }, station(at + 1), el("span", { class: "most-2" }, clean(place)));
  };
  return el("div", { class: "route" }, el("ol", {}, ...places.map(stop)));
}

function moment({ when, mark: name, what, facts: beside, said_by, names, station: number }, open, legend) {
  const meant = legend.find((line) => line.mark === name)?.text;
  const further = beside.filter(({ value }) => !what.includes(value));
  // One that was left out gets the focus once it is shown.
  return el("li", { class: open ? `${name} open` : name, tabindex: "-1" },
    el("span", { class: "when most-2" }, clean(when)),
    mark(name),
    el("div", { class: "at" },
      number === null ? null : station(number),
      el("div", {},
        // Why it was called back is read to its end.
        el("div", { class: name === "octagon" ? "what" : "what most-2" }, ...rich(what)),
        ...further.map(({ label, value }) => el("span", { class: "beside most-1" }, el("span", {}, clean(label)), " ", el("span", {}, clean(value)))),
        meant ? el("span", { class: "heard" }, clean(meant)) : null)),
    el("span", { class: "by most-2" }, clean(said_by),
      names.length ? el("span", { class: "heard" }, names.map(clean).join(", ")) : null));
}

/** Oldest first; where moments are left out, the line is interrupted by the button that shows them. */
export function timeline(view) {
  const { timeline: moments, legend } = view.story;
  const after = moreAfter(view);
  const opens = (at) => at + 1 === after || [moments[at], moments[at + 1]].some((one) => one?.mark === "dashed-ring");
  const lines = moments.map((told, at) => moment(told, opens(at), legend));
  if (after) lines.splice(after, 0, el("li", { class: "more open" }, ...more(view)));
  return el("div", { class: "timeline", "data-region": true }, el("ol", {}, ...lines));
}

export const legend = ({ legend: lines }) =>
  el("ul", { class: "legend" }, ...lines.map(({ mark: name, text }) => el("li", {}, mark(name), el("span", { class: "most-1" }, clean(text)))));
