/** The ranked cards: the chosen one is open; choosing a suggestion shows it on the map. */

import { byId, reveal } from "./dom.js";
import { get, set } from "./state.js";

export function attendPanel() {
  const panel = byId("pockets");
  panel.addEventListener("click", (event) => {
    const head = event.target.closest(".card-head");
    const suggestion = event.target.closest("[data-intervention-id]");
    const area = event.target.closest(".area-link");
    if (head) {
      const { pocketId } = head.closest("[data-pocket-id]").dataset;
      const closing = get().pocket === pocketId;
      set({ pocket: closing ? null : pocketId, area: null, suggestion: null, brush: null });
    }
    if (suggestion) {
      const { layers } = get();
      set({ suggestion: suggestion.dataset.interventionId, layers: layers.includes("interventions") ? layers : [...layers, "interventions"] });
    }
    if (area) set({ area: area.dataset.code });
  });
}

export function followPanel(state) {
  for (const card of byId("pockets").querySelectorAll(".card")) {
    const open = card.dataset.pocketId === state.pocket;
    card.classList.toggle("open", open);
    card.querySelector(".card-head").setAttribute("aria-expanded", String(open));
    if (open) reveal(card);
  }
  for (const line of byId("pockets").querySelectorAll("[data-intervention-id]")) {
    line.classList.toggle("chosen", line.dataset.interventionId === state.suggestion);
  }
}
