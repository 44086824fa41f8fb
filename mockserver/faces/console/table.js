// A table that keys move through: one row is chosen at a time, and choosing it leads to its place.

import { h, fill } from "./dom.js";

export class Table {
  // `columns` are titles, each with its width as a class; `row` makes {id, href, cells, kind} of a value; `empty` is said where there is none.
  constructor({ columns, row, empty, most = 1000 }) {
    this.row = row;
    this.most = most;
    this.rows = new Map();
    this.chosen = null;
    this.body = h("tbody");
    this.empty = h("div", { class: "empty" }, empty);
    const widths = h("colgroup", {}, columns.map(([, width]) => h("col", { class: width })));
    const head = h("thead", {}, h("tr", {}, columns.map(([title]) => h("th", { scope: "col" }, title))));
    this.element = h("div", { class: "table" }, h("table", {}, widths, head, this.body), this.empty);
  }

  set(values) {
    this.rows.clear();
    for (const value of values.slice(0, this.most)) this.add(value);
    fill(this.body, [...this.rows.values()]);
    this.mark();
  }

  // Put a value at the top; one that is there already is shown anew in its place.
  prepend(value) {
    const { id } = this.row(value);
    const before = this.rows.get(id);
    const made = this.add(value);
    if (before) before.replaceWith(made);
    else this.body.prepend(made);
    if (this.body.children.length > this.most) this.drop(this.body.lastElementChild);
    this.mark();
  }

  add(value) {
    const { id, href, cells, kind } = this.row(value);
    const shown = cells.map((cell, index) => h("td", {}, index ? cell : h("a", { href }, cell)));
    const made = h("tr", { class: kind, "data-id": id, onclick: () => { location.hash = href; } }, shown);
    this.rows.set(id, made);
    return made;
  }

  drop(row) {
    this.rows.delete(row.dataset.id);
    row.remove();
  }

  choose(id) {
    this.chosen = id;
    this.mark();
    this.rows.get(id)?.scrollIntoView({ block: "nearest" });
  }

  mark() {
    this.empty.hidden = this.rows.size > 0;
    for (const [id, row] of this.rows) row.setAttribute("aria-selected", String(id === this.chosen));
  }

  move(step) {
    const shown = [...this.body.children];
    const at = shown.findIndex((row) => row.dataset.id === this.chosen);
    const next = shown[at < 0 ? 0 : Math.max(0, Math.min(shown.length - 1, at + step))];
    next?.click();
  }
}
