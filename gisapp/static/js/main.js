/** The planner's page: load, draw, and keep every part in step with the state. */

import * as api from "./api.js";
import { drawAreaBox } from "./area_box.js";
import { Areas } from "./data.js";
import { byId, element, refill } from "./dom.js";
import { speak } from "./format.js";
import { drawHistogram, markHistogram } from "./histogram.js";
import { followLayers, listLayers } from "./layers.js";
import { drawLegend, offerChoices } from "./legend.js";
import { AreaLayer, makeMap } from "./map.js";
import { Overlays } from "./overlays.js";
import { attendPanel, followPanel } from "./panel.js";
import { attendSheet } from "./phone_sheet.js";
import { drawScatter, markScatter } from "./scatter.js";
import * as state from "./state.js";
import { drawTable, markTable } from "./table.js";

const L = window.L;
const RECOLOUR = ["indicator", "method", "classes", "level"];
const MARK = ["area", "pocket", "brush", "suggestion"];

class Planner {
  constructor(manifest) {
    this.manifest = manifest;
    this.words = manifest.texts;
    this.labels = new Map(manifest.pockets.map((one) => [one.id, one.label]));
  }

  /** The state at the start: the address where it says something that exists, else the defaults. */
  beginning() {
    const known = (list, value) => (list.some((one) => one.name === value) ? value : list[0].name);
    const asked = state.readAddress();
    const { indicators, methods, levels, layers, pockets } = this.manifest;
    const counts = this.manifest.class_counts.map(String);
    return {
      ...asked,
      indicator: known(indicators, asked.indicator),
      method: known(methods, asked.method),
      level: known(levels, asked.level),
      classes: counts.includes(asked.classes) ? asked.classes : String(this.manifest.default_classes),
      layers: asked.layers ?? layers.filter((one) => one.on && one.count).map((one) => one.id),
      pocket: pockets.some((one) => one.id === asked.pocket) ? asked.pocket : asked.area ? null : pockets[0]?.id ?? null,
    };
  }

  async start() {
    state.begin(this.beginning());
    this.map = makeMap(byId("map"), this.manifest);
    this.overlays = new Overlays(this.map, this.manifest);
    offerChoices(this.manifest, state.get());
    listLayers(this.manifest, state.get(), (id, value) => this.overlays.opacity(id, value));
    attendPanel();
    attendSheet(() => this.resize());
    byId("search").addEventListener("input", () => this.table());
    this.place();
    state.listen((now, changed) => this.follow(now, changed).catch(failed));
    await this.follow(state.get(), [...RECOLOUR, ...MARK, "layers"], true);
  }

  /** Put the map where the address says, and write where it is moved to. */
  place() {
    const view = (state.get().view ?? "").split(",").map(Number);
    this.placed = view.length === 3 && view.every(Number.isFinite);
    if (this.placed) this.map.setView([view[0], view[1]], view[2], { animate: false });
    this.map.on("moveend", () => {
      const { lat, lng } = this.map.getCenter();
      state.set({ view: `${lat.toFixed(4)},${lng.toFixed(4)},${this.map.getZoom()}` });
    });
    new ResizeObserver(() => this.resize()).observe(byId("map"));
  }

  resize() {
    this.map.invalidateSize({ animate: false, pan: false });
  }

  get indicator() {
    return this.manifest.indicators.find((one) => one.name === state.get().indicator);
  }

  async follow(now, changed, first = false) {
    const any = (names) => names.some((name) => changed.includes(name));
    if (any(RECOLOUR)) await this.recolour(now);
    if (any(["layers"])) {
      followLayers(now);
      await this.overlays.show(now.layers);
    }
    if (any([...MARK, ...RECOLOUR])) this.mark(now);
    if (!first && any(["pocket", "area", "suggestion"])) this.zoom(now, changed);
  }

  async recolour(now) {
    const [areas, shapes, classes] = await Promise.all([
      this.areas?.level === now.level ? this.areas : Areas.load(now.level, this.manifest.pockets), api.areaShapes(now.level),
      api.legend(now.level, now.indicator, now.method, now.classes, this.manifest.lang),
    ]);
    if (state.get().indicator !== now.indicator || state.get().level !== now.level) return;
    if (areas !== this.areas) {
      this.layer?.remove();
      this.layer = new AreaLayer(this.map, shapes, areas);
      this.areas = areas;
    }
    this.classes = classes;
    this.layer.colour(classes, this.indicator, this.words);
    drawLegend(classes, this.indicator, this.words);
    drawScatter(areas, classes, this.manifest.cuts, this.words);
    drawHistogram(areas, classes, this.indicator, this.words);
    this.table();
  }

  table() {
    drawTable(this.areas, this.indicator, this.labels, this.words);
    markTable(this.areas, state.get());
  }

  mark(now) {
    this.layer.highlight(now.brush ? new Set(now.brush) : null);
    this.layer.choose(now.area);
    this.overlays.choose(now.suggestion);
    followPanel(now);
    markTable(this.areas, now);
    markScatter(this.areas, now);
    markHistogram(now);
    drawAreaBox(this.areas, now, this.indicator, this.labels, this.words);
  }

  zoom(now, changed) {
    const card = this.manifest.pockets.find((one) => one.id === now.pocket);
    const box = changed.includes("area") && now.area ? this.layer.bounds([now.area]) : changed.includes("pocket") && card ? L.latLngBounds(card.bounds) : null;
    if (box?.isValid() && !(now.area && this.map.getBounds().contains(box))) this.map.fitBounds(box.pad(0.6), { maxZoom: 12 });
  }
}

function failed(error) {
  const words = { id: "Muat ulang", en: "Load again" };
  const note = byId("loading");
  note.hidden = false;
  refill(note, element("b", {}, error.message), error.reference ? element("span", {}, ` ${error.reference} `) : " ",
    element("button", { type: "button", class: "button", onclick: () => location.reload() }, words[document.documentElement.lang] ?? words.id));
  byId("app").classList.replace("loading", "failed");
}

async function begin() {
  const app = byId("app");
  speak(app.dataset.lang);
  try {
    const planner = new Planner(await api.json(app.dataset.manifest));
    if (!planner.manifest.indicators.length) throw new Error(planner.words.withheld_all);
    await planner.start();
    app.classList.remove("loading");
    app.dataset.ready = "true";
    byId("loading").hidden = true;
  } catch (error) {
    failed(error);
  }
}

begin();
