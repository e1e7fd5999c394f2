/** The values of one level as the parts of the page read them. */

import * as api from "./api.js";

/** What stands beside a share that may not stand on its own, as `maps/standing.py` writes it. */
export const standingMark = (standing) => (standing === "not_alone" ? "\u00a0†" : "");

export class Areas {
  constructor(level, values, pockets) {
    this.pockets = new Map(pockets.map((one) => [one.id, one.members]));
    this.level = level;
    this.columns = values;
    this.codes = values.code;
    this.position = new Map(values.code.map((code, row) => [code, row]));
  }

  static async load(level, pockets) {
    return new Areas(level, await api.areaValues(level), pockets);
  }

  /** One value of one area; null where withheld or unknown. */
  value(code, column) {
    return this.columns[column]?.[this.position.get(code)] ?? null;
  }

  name(code) {
    return this.value(code, "name") ?? code;
  }

  /** The mark of a share of decile 1 that may not stand on its own; nothing beside any other figure. */
  mark(code, column = "headcount_ratio") {
    return column === "headcount_ratio" ? standingMark(this.value(code, "headcount_standing")) : "";
  }

  withheld(code) {
    return this.value(code, "status") === "suppressed";
  }

  /** Codes of the areas of one pocket. */
  members(pocket) {
    return (this.pockets.get(pocket) ?? []).filter((code) => this.position.has(code));
  }

  /** Codes that are to be highlighted: the brushed bar, else the selected pocket's members. */
  highlighted(state) {
    if (state.brush) return new Set(state.brush);
    return state.pocket ? new Set(this.members(state.pocket)) : null;
  }
}
