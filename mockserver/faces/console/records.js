// What vendors remember, where each record stands on its timeline, and a hand on what comes next.

import { ask, get, named, query } from "./api.js";
import { button, choice, code, facts, fill, h, json, moment, part, searching, stretch, time } from "./dom.js";
import { Table } from "./table.js";

export const records = {
  name: "records",
  title: "Records",
  keys: [["a", "bring the next moment about"], ["x", "let it fail"], ["r", "read the list anew"]],
  mount: (place) => new Records(place),
};

class Records {
  constructor(place) {
    this.place = place;
    this.table = new Table({
      columns: [["made", "w5"], ["kind", "w7"], ["account", "w9"], ["id", "wide"], ["timeline", "w6"]],
      row: (record) => this.row(record),
      empty: "Nothing is remembered: no upload has been accepted yet.",
    });
    const again = () => this.show();
    this.vendor = choice([["", "every vendor"], ...place.vendors.map((each) => each.name)], { "aria-label": "Vendor", onchange: () => this.read() });
    this.search = searching(place, again);
    this.count = h("span", { class: "count" });
    fill(place.list, h("div", { class: "toolbar" }, this.vendor, this.search, button("Read anew", () => this.read(), { title: "r" }), this.count), this.table.element);
    this.items = [];
    this.read().catch(place.say);
  }

  async read() {
    const page = await get(query("/records", { limit: 500, vendor: this.vendor.value }));
    this.items = page.items;
    fill(this.count, page.items.length < page.total ? `${page.items.length} of ${page.total}` : page.total, page.evicted ? `, ${page.evicted} pushed out` : null);
    this.show();
  }

  show() {
    const wanted = this.search.value.toLowerCase();
    this.table.set(this.items.filter((record) => address(record).toLowerCase().includes(wanted)));
  }

  row(record) {
    return {
      id: address(record),
      href: `#/records/${address(record)}`,
      kind: record.failed ? "refused" : "fine",
      cells: [time(record.created), record.kind, `${record.vendor}/${record.account}`, code(record.id), progress(record)],
    };
  }

  async select(steps) {
    const [vendor, account, kind, id] = steps;
    this.table.choose(steps.length ? named(...steps) : null);
    this.shown = id ? { vendor, account, kind, id } : null;
    if (!id) return fill(this.place.detail, h("p", { class: "empty" }, "Choose a record: a brings its next moment about, x lets it fail."));
    return this.tell(await get(this.path("")));
  }

  path(verb) {
    const { vendor, account, kind, id } = this.shown;
    return query(`/records/${named(id)}${verb}`, { account: `${vendor}/${account}`, kind });
  }

  tell(record) {
    const isDone = record.failed || record.stage === record.timeline.length;
    fill(
      this.place.detail,
      h(
        "header",
        {},
        h("h2", {}, record.kind, " ", code(record.id)),
        h("p", { class: "by" }, `${record.vendor}/${record.account} · ${moment(record.created)}`),
        h(
          "p",
          { class: "actions" },
          button("Advance", () => this.push("/advance"), { title: "a", disabled: isDone }),
          button("Fail", () => this.push("/fail"), { title: "x", disabled: isDone || !Object.keys(record.failure).length }),
          h("a", { href: `#/calls/${named(record.call)}` }, "the call that made it"),
        ),
      ),
      part("Timeline", record.timeline.length ? timeline(record) : null),
      part("As it stands now", json(record.body)),
      Object.keys(record.failure).length && !record.failed ? part("Were it to fail", json(record.failure)) : null,
    );
  }

  async push(verb) {
    if (!this.shown) return;
    this.tell(await ask("POST", this.path(verb)));
    await this.read();
  }

  key(key) {
    const acts = { j: () => this.table.move(1), k: () => this.table.move(-1), a: () => this.push("/advance"), x: () => this.push("/fail"), r: () => this.read() };
    return acts[key]?.() ?? acts[key];
  }
}

const address = (record) => named(record.vendor, record.account, record.kind, record.id);

function progress(record) {
  if (!record.timeline.length) return h("span", { class: "dim" }, "—");
  const dots = record.timeline.map((_, index) => h("i", { class: record.failed && index === record.stage ? "failed" : index < record.stage ? "past" : "ahead" }));
  return h("span", { class: "dots", title: `${record.stage} of ${record.timeline.length} moments past` }, dots);
}

function timeline(record) {
  const moments = record.timeline.map((each, index) => h("li", { class: index < record.stage ? "past" : "ahead" }, h("b", {}, `+${stretch(each.after)}`), json(each.state)));
  const fate = record.failed ? h("li", { class: "failed" }, h("b", {}, "made to fail"), json(record.failure)) : null;
  return h("ol", { class: "timeline" }, h("li", { class: "past" }, h("b", {}, "made"), " ", facts([])), moments, fate);
}
