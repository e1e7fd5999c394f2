/** Choosing the indicator, the classes and the level; the legend with its counts. */

import { byId, drawing, element, refill } from "./dom.js";
import { fill } from "./format.js";
import { set } from "./state.js";

function options(select, entries, chosen) {
  refill(select, entries.map(([value, title]) => element("option", { value, selected: String(value) === String(chosen) }, title)));
}

/** Fill the selects once; a choice goes to the state. */
export function offerChoices(manifest, state) {
  const groups = new Map();
  for (const one of manifest.indicators) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  const indicator = byId("indicator");
  refill(indicator, [...groups].map(([group, members]) =>
    element("optgroup", { label: group }, members.map((one) => element("option", { value: one.name }, one.title)))));
  indicator.value = state.indicator;
  indicator.addEventListener("change", () => set({ indicator: indicator.value, brush: null }));
  options(byId("method"), manifest.methods.map((one) => [one.name, one.title]), state.method);
  byId("method").addEventListener("change", (event) => set({ method: event.target.value, brush: null }));
  options(byId("class-count"), manifest.class_counts.map((count) => [count, count]), state.classes);
  byId("class-count").addEventListener("change", (event) => set({ classes: event.target.value, brush: null }));
  options(byId("level"), manifest.levels.map((one) => [one.name, `${one.title} (${one.count})`]), state.level);
  byId("level").addEventListener("change", (event) => set({ level: event.target.value, area: null, brush: null }));
}

function swatch(fillWith) {
  return drawing("svg", { class: "swatch", viewBox: "0 0 26 14", "aria-hidden": "true" },
    drawing("rect", { x: 0.5, y: 0.5, width: 25, height: 13, rx: 2, fill: fillWith }));
}

function entry(fillWith, label, count, kind) {
  return element("li", { "data-class": kind }, swatch(fillWith), element("span", {}, label), element("span", { class: "count" }, count));
}

/** Draw the legend as the server words it: the highest class first, then withheld and without data. */
export function drawLegend(classes, indicator, words) {
  const pattern = { hatch: "url(#hatch)", dots: "url(#dots)" };
  refill(byId("legend"), classes.rows.map((row) => entry(row.color ?? pattern[row.pattern], row.label, row.count, row.class)));
  byId("indicator-note").textContent = [indicator.note, indicator.source, fill(words.legend_areas, { n: classes.class_of.length })]
    .filter(Boolean).join(" · ");
}

/** The fill of a class number: -1 is withheld (hatch), -2 has no data (dots). */
export function fillOf(classes, number) {
  if (number >= 0) return classes.classes[number].color;
  return number === -1 ? "url(#hatch)" : "url(#dots)";
}
