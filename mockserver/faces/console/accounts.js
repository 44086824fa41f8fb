// Accounts: what opens them, what they hold, and the ways to open, reset and close one.

import { ask, get, named, query } from "./api.js";
import { button, choice, code, copy, facts, fill, h, json, part, searching } from "./dom.js";
import { Table } from "./table.js";

export const accounts = {
  name: "accounts",
  title: "Accounts",
  keys: [["n", "open a new account"], ["r", "read the list anew"]],
  mount: (place) => new Accounts(place),
};

class Accounts {
  constructor(place) {
    this.place = place;
    this.items = [];
    this.table = new Table({ columns: [["account", "wide"], ["credits", "w5"], ["credentials", "wide"]], row: (account) => this.row(account), empty: "No account fits." });
    this.vendor = choice([["", "every vendor"], ...place.vendors.map((each) => each.name)], { "aria-label": "Vendor", onchange: () => this.read() });
    this.search = searching(place, () => this.show());
    fill(place.list, h("div", { class: "toolbar" }, this.vendor, this.search, button("New account", () => this.form(), { title: "n" })), this.table.element);
    this.read().catch(place.say);
  }

  async read() {
    this.items = (await get(query("/accounts", { limit: 1000, vendor: this.vendor.value }))).items;
    this.show();
  }

  show() {
    const wanted = this.search.value.toLowerCase();
    this.table.set(this.items.filter((account) => id(account).toLowerCase().includes(wanted)));
  }

  row(account) {
    const names = Object.keys(account.credentials).join(", ");
    return { id: id(account), href: `#/accounts/${named(account.vendor, account.name)}`, kind: "fine", cells: [id(account), account.credits ?? "—", h("span", { class: "dim" }, names)] };
  }

  async select([vendor, name]) {
    this.table.choose(name ? `${vendor}/${name}` : null);
    if (!name) return fill(this.place.detail, h("p", { class: "empty" }, "Choose an account, or open one with n: fresh credentials, nobody else's records."));
    return this.tell(await get(`/accounts/${named(vendor, name)}`));
  }

  tell(account) {
    const secrets = Object.entries(account.credentials).map(([name, value]) => [name, [code(value), " ", button("copy", () => this.copy(value))]]);
    fill(
      this.place.detail,
      h(
        "header",
        {},
        h("h2", {}, id(account)),
        h("p", { class: "by" }, code(account.url)),
        h(
          "p",
          { class: "actions" },
          button("Its calls", () => this.seek("calls", account)),
          button("Its records", () => this.seek("records", account)),
          button("Reset", () => this.reset(account), { title: "Back to how it began: its records, calls, faults and webhooks too" }),
          button("Close", () => this.close(account), { class: "harm", title: "Take it away with all its records" }),
        ),
      ),
      part("Credentials", facts(secrets)),
      account.credits === undefined ? null : part("Credits", this.credits(account)),
      part("Options", Object.keys(account.options).length ? json(account.options) : null),
      part("Book", json(account.book)),
    );
  }

  credits(account) {
    const field = h("input", { type: "number", value: account.credits, min: "0", step: "any", "aria-label": "Credits" });
    return h("p", {}, field, " ", button("Set", async () => this.tell(await ask("PATCH", `/accounts/${named(account.vendor, account.name)}`, { credits: Number(field.value) }))));
  }

  seek(view, account) {
    this.place.sought = id(account);
    location.hash = `#/${view}`;
  }

  async copy(value) {
    await copy(value);
    this.place.say("Copied.");
  }

  async reset(account) {
    await ask("POST", "/reset", { account: id(account) });
    this.place.say(`${id(account)} is as it began.`);
    await this.read();
    await this.select([account.vendor, account.name]);
  }

  async close(account) {
    if (!(await this.place.sure(`Close ${id(account)}, with all its records?`))) return;
    await ask("DELETE", `/accounts/${named(account.vendor, account.name)}`);
    await this.read();
    location.hash = "#/accounts";
  }

  form() {
    const vendor = choice(this.place.vendors.map((each) => each.name), { "aria-label": "Vendor" });
    const name = h("input", { type: "text", placeholder: "made up", pattern: "[A-Za-z0-9@._\\-]{1,100}", "aria-label": "Name" });
    const credits = h("input", { type: "number", placeholder: "as demo's", min: "0", step: "any", "aria-label": "Credits" });
    const open = async () => {
      const wish = { vendor: vendor.value, ...(name.value ? { name: name.value } : {}), ...(credits.value ? { credits: Number(credits.value) } : {}) };
      const made = await ask("POST", "/accounts", wish);
      await this.read();
      location.hash = `#/accounts/${named(made.vendor, made.name)}`;
    };
    fill(this.place.detail, h("header", {}, h("h2", {}, "A new account")), facts([["vendor", vendor], ["name", name], ["credits", credits]]), h("p", { class: "actions" }, button("Open", open)));
    vendor.focus();
  }

  key(key) {
    const acts = { j: () => this.table.move(1), k: () => this.table.move(-1), n: () => this.form(), r: () => this.read() };
    return acts[key]?.() ?? acts[key];
  }
}

const id = (account) => `${account.vendor}/${account.name}`;
