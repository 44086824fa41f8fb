// Everything at once: what the store holds, all of it kept as a file, put back, or as it began.

import { ask, get, text } from "./api.js";
import { button, facts, fill, h, part } from "./dom.js";
import { Table } from "./table.js";

const WORDS = ["records", "journal", "faults", "clock", "webhooks", "accounts"];
const FIGURE = /^mockserver_(\w+?)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export const state = {
  name: "state",
  title: "State",
  keys: [["r", "read the figures anew"]],
  mount: (place) => new State(place),
};

class State {
  constructor(place) {
    this.place = place;
    this.table = new Table({ columns: [["shelf", "wide"], ["rows", "w6"], ["bytes", "w7"], ["pushed out", "w6"]], row: (shelf) => this.row(shelf), empty: "Nothing is held." });
    fill(place.list, h("div", { class: "toolbar" }, button("Read anew", () => this.read(), { title: "r" })), this.table.element);
    this.read().catch(place.say);
  }

  row(shelf) {
    return { id: shelf.name, href: "#/state", kind: "fine", cells: [shelf.name, shelf.store_rows, shelf.store_bytes.toLocaleString("en"), shelf.store_evicted_total || "—"] };
  }

  async read() {
    const [told, health] = await Promise.all([text("/metrics"), get("/health")]);
    const figures = [...read(told)];
    const shelves = new Map();
    for (const { name, labels, value } of figures.filter((each) => each.labels.shelf)) {
      shelves.set(labels.shelf, { ...shelves.get(labels.shelf), name: labels.shelf, [name]: value });
    }
    this.table.set([...shelves.values()]);
    this.tell(figures, health);
  }

  select() {}

  tell(figures, health) {
    const refused = figures.filter((each) => each.name === "refusals_total").sort((one, other) => other.value - one.value);
    const uptime = figures.find((each) => each.name === "uptime_seconds")?.value ?? 0;
    fill(
      this.place.detail,
      h("header", {}, h("h2", {}, "All that this server holds"), h("p", { class: "by" }, `version ${health.version} · ${health.store} store · up ${Math.round(uptime)} s`)),
      part("Keep it, or put it back", h("p", {}, "A snapshot is one JSON file with everything in it, the accounts' credentials included."), h("p", { class: "actions" }, button("Save a snapshot", () => this.save()), this.chooser())),
      part("As it began", this.resetting()),
      part("What refused calls, most often first", facts(refused.slice(0, 30).map(({ labels, value }) => [`${labels.vendor} ${labels.refused_by}`, value]))),
    );
  }

  async save() {
    const kept = new Blob([await text("/snapshot")], { type: "application/json" });
    const href = URL.createObjectURL(kept);
    const link = h("a", { href, download: "mockserver-snapshot.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
    this.place.say("Saved. It holds credentials: keep it to yourself.");
  }

  chooser() {
    const field = h("input", { type: "file", accept: "application/json,.json", class: "away", onchange: () => this.restore(field) });
    return [button("Restore a snapshot", () => field.click()), field];
  }

  async restore(field) {
    const [file] = field.files;
    field.value = "";
    if (!file || !(await this.place.sure(`Put ${file.name} in the place of all that is here?`))) return;
    await ask("PUT", "/snapshot", await file.text());
    this.place.say("Restored.");
    await this.read();
  }

  resetting() {
    const boxes = WORDS.map((word) => h("input", { type: "checkbox", name: word, checked: true }));
    const labels = boxes.map((box) => h("label", {}, box, " ", box.name));
    const act = async () => {
      const what = boxes.filter((box) => box.checked).map((box) => box.name);
      if (!what.length || !(await this.place.sure(`Lead ${what.length === WORDS.length ? "everything" : what.join(", ")} back to how it began?`))) return;
      await ask("POST", "/reset", what.length === WORDS.length ? {} : { what });
      this.place.say("As it began.");
      await this.read();
    };
    return [h("p", { class: "boxes" }, labels), h("p", { class: "actions" }, button("Reset", act, { class: "harm" }))];
  }

  key(key) {
    const acts = { r: () => this.read() };
    return acts[key]?.() ?? acts[key];
  }
}

function* read(told) {
  for (const line of told.split("\n")) {
    const found = FIGURE.exec(line);
    if (found) yield { name: found[1], labels: Object.fromEntries([...(found[2] ?? "").matchAll(LABEL)].map((each) => [each[1], each[2]])), value: Number(found[3]) };
  }
}
