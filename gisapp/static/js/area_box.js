/** What is known of the selected area, in a corner of the map: nothing hides behind a hover alone. */

import { byId, element, refill } from "./dom.js";
import { inUnit, number, percent, percentRange, unitRange } from "./format.js";
import { set } from "./state.js";

/** Columns of the ends of a range, by indicator; the share of decile 1 has its own line. */
const RANGES = { headcount_smoothed: ["smoothed_lower", "smoothed_upper"], coverage_gap: ["coverage_gap_lower", "coverage_gap_upper"] };

function fact(title, value) {
  return element("div", {}, element("dt", {}, title), element("dd", {}, value));
}

export function drawAreaBox(areas, state, indicator, labels, words) {
  const box = byId("area-box");
  box.hidden = !state.area || !areas.position.has(state.area);
  if (box.hidden) return;
  const value = (column) => areas.value(state.area, column);
  const range = percentRange(value("headcount_lower"), value("headcount_upper"));
  const letter = labels.get(value("pocket_id"));
  const mark = areas.mark(state.area);
  const span = RANGES[indicator.name] ? unitRange(...RANGES[indicator.name].map(value), indicator.unit) : "";
  const over = value("headcount_basis") === "population_persons";
  const counted = over
    ? [fact(words.families_decile, number(value("poor_families"))), fact(`${words.column_persons} / ${words.column_population.toLowerCase()}`, `${number(value("poor_persons"))} / ${number(value("population_persons"))}`)]
    : [fact(`${words.families_decile} / ${words.families_registered}`, `${number(value("poor_families"))} / ${number(value("families"))}`)];
  const facts = areas.withheld(state.area)
    ? [fact(indicator.title, words.withheld)]
    : [
      ...counted,
      fact(over ? words.share_population : words.share_registered, `${percent(value("headcount_ratio"))}${mark}${range ? ` (${range})` : ""}`),
      ...(["headcount_ratio", "poor_families"].includes(indicator.name) ? [] : [fact(indicator.title, `${inUnit(value(indicator.name), indicator.unit)}${span ? ` (${span})` : ""}`)]),
    ];
  refill(box,
    element("button", { type: "button", class: "close", "aria-label": words.close, onclick: () => set({ area: null }) }, "×"),
    element("h3", {}, value("name"), letter ? element("span", { class: "tag" }, letter) : null),
    element("dl", {}, facts),
    ...(mark ? [element("p", { class: "note" }, words.not_alone)] : []));
}
