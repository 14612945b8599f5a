// The product's picture, whose hash the shell checks against the record.

import { el } from "../dom.js";
import { PICTURE } from "../host.js";
import { parcel } from "../shapes.js";

const HASH = /^[0-9a-f]{64}$/u;

/** Address of the one that has come. */
let here = null;

/** The outline of a package, and over it the picture once it is here: it may never come. */
export function picture(hash) {
  if (!HASH.test(hash ?? "")) return parcel();
  const src = PICTURE + hash;
  // Lazy is loaded where it stands alone: a view is made anew each second, and most of it is thrown away.
  const shown = el("img", { loading: "lazy", src, alt: "", decoding: "async" });
  // The element may be given another picture later.
  shown.addEventListener("load", () => {
    here = shown.getAttribute("src");
    shown.parentElement?.classList.add("here");
  });
  return el("div", { class: `picture framed${here === src ? " here" : ""}` }, parcel(), shown);
}
