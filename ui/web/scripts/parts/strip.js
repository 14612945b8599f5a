// The line on top, always there.

import { clean, el } from "../dom.js";
import { icon, wordmark } from "../shapes.js";

export const strip = ({ strip: { text, offline } }) =>
  el("div", { class: "strip" },
    el("div", { class: "word" }, wordmark(), el("span", { lang: "en" }, "Sealight")),
    el("div", { class: "as-of" }, icon(offline ? "offline" : "clock"), el("span", { class: "most-1" }, clean(text))));
