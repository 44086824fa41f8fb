// Webhooks and what became of them: each attempt, sent once more, or all that is due now.

import { ask, get, named, query } from "./api.js";
import { badge, button, choice, code, fill, h, json, moment, part, time } from "./dom.js";
import { Table } from "./table.js";

export const webhooks = {
  name: "webhooks",
  title: "Webhooks",
  needs: "/webhooks",
  keys: [["d", "deliver the one that is shown once more"], ["f", "send what is due now"], ["r", "read the list anew"]],
  mount: (place) => new Webhooks(place),
};

class Webhooks {
  constructor(place) {
    this.place = place;
    this.table = new Table({ columns: [["decided", "w5"], ["event", "w9"], ["account", "w9"], ["to", "wide"], ["state", "w9"]], row: (each) => this.row(each), empty: "No webhook: none is sent before an account names where to." });
    this.state = choice([["", "every state"], "pending", "delivered", "given-up", "cancelled"], { "aria-label": "State", onchange: () => this.read() });
    fill(place.list, h("div", { class: "toolbar" }, this.state, button("Send what is due", () => this.flush(), { title: "f" }), button("Read anew", () => this.read(), { title: "r" })), this.table.element);
    this.items = [];
    this.read().catch(place.say);
  }

  async read() {
    this.items = (await get(query("/webhooks", { limit: 500, state: this.state.value }))).items;
    this.table.set(this.items);
  }

  row(each) {
    return { id: each.id, href: `#/webhooks/${named(each.id)}`, kind: each.state === "given-up" ? "refused" : "fine", cells: [time(each.created), each.event, `${each.vendor}/${each.account}`, each.url, [badge(each.state), ` ${each.attempted}×`]] };
  }

  async select([id]) {
    this.table.choose(id ?? null);
    if (id && !this.items.some((each) => each.id === id)) await this.read();
    this.shown = this.items.find((each) => each.id === id);
    if (!this.shown) return fill(this.place.detail, h("p", { class: "empty" }, "Choose a webhook: each attempt is told, d delivers it once more."));
    return this.tell(this.shown);
  }

  tell(each) {
    fill(
      this.place.detail,
      h(
        "header",
        {},
        h("h2", {}, each.event, " ", badge(each.state)),
        h("p", { class: "by" }, each.url, each.next ? ` · again at ${moment(each.next)}` : null),
        h("p", { class: "actions" }, button("Deliver once more", () => this.again(), { title: "d" }), h("a", { href: `#/calls/${named(each.call)}` }, "the call it tells of")),
      ),
      part("Attempts", each.attempts.length ? h("ol", { class: "trail" }, each.attempts.map(attempt)) : h("p", {}, "None yet.")),
      part("Payload", json(each.payload)),
    );
  }

  async again() {
    if (!this.shown) return;
    this.tell(await ask("POST", `/webhooks/${named(this.shown.id)}/redeliver`));
    await this.read();
  }

  async flush() {
    const sent = await ask("POST", "/webhooks/flush");
    this.place.say(`${sent.total} sent.`);
    await this.read();
  }

  key(key) {
    const acts = { j: () => this.table.move(1), k: () => this.table.move(-1), d: () => this.again(), f: () => this.flush(), r: () => this.read() };
    return acts[key]?.() ?? acts[key];
  }
}

function attempt(each) {
  const isFine = each.status >= 200 && each.status < 300;
  return h("li", { class: isFine ? "passed" : "failed", "data-glyph": isFine ? "✓" : "✕" }, h("b", {}, each.status ?? "no answer"), ` ${moment(each.at)}, ${each.seconds.toFixed(3)} s `, each.error ? code(each.error) : null, each.answer ? h("pre", {}, each.answer) : null);
}
