/** On a phone the panels share one sheet: three heights, three tabs, by button or by dragging. */

import { byId } from "./dom.js";

const HEIGHTS = ["low", "half", "full"];

export function attendSheet(onHeight) {
  const sheet = byId("sheet");
  const height = (name) => {
    sheet.dataset.height = name;
    for (const button of sheet.querySelectorAll("[data-sheet]")) button.setAttribute("aria-pressed", String(button.dataset.sheet === name));
    onHeight();
  };
  const tab = (name) => {
    sheet.dataset.tab = name;
    for (const button of sheet.querySelectorAll("[data-tab]")) button.setAttribute("aria-selected", String(button.dataset.tab === name));
    if (sheet.dataset.height === "low") height("half");
  };
  for (const button of sheet.querySelectorAll("[data-sheet]")) button.addEventListener("click", () => height(button.dataset.sheet));
  for (const button of sheet.querySelectorAll("button[data-tab]")) button.addEventListener("click", () => tab(button.dataset.tab));
  drag(sheet, height);
}

function drag(sheet, height) {
  const bar = sheet.querySelector(".sheet-bar");
  let from = null;
  bar.addEventListener("pointerdown", (event) => { from = event.clientY; });
  bar.addEventListener("pointerup", (event) => {
    const moved = from === null ? 0 : event.clientY - from;
    from = null;
    if (Math.abs(moved) < 40) return;
    const place = HEIGHTS.indexOf(sheet.dataset.height) + (moved < 0 ? 1 : -1);
    height(HEIGHTS[Math.max(0, Math.min(2, place))]);
  });
}
