// What stands in the way of calls: planted, listed, lifted; and scenarios put on.

import { ask, get, named } from "./api.js";
import { badge, button, choice, code, facts, fill, h, json, part, stretch } from "./dom.js";
import { Table } from "./table.js";

const PROBLEMS = ["unauthenticated", "too-large", "no-credits", "not-found", "too-many", "broken"];
const WIRES = ["reset", "empty", "truncate", "garbage", "drip", "hang"];

export const faults = {
  name: "faults",
  title: "Faults",
  needs: "/faults",
  keys: [["n", "plant a fault"], ["x", "lift the one that is shown"], ["r", "read the list anew"]],
  mount: (place) => new Faults(place),
};

class Faults {
  constructor(place) {
    this.place = place;
    this.items = [];
    this.table = new Table({ columns: [["name", "wide"], ["meets", "wide"], ["does", "wide"], ["left", "w5"]], row: (fault) => this.row(fault), empty: "Nothing stands in the way of any call." });
    fill(place.list, h("div", { class: "toolbar" }, button("Plant a fault", () => this.form(), { title: "n" }), button("Lift all", () => this.lift(""), { class: "harm" })), this.table.element);
    this.read().catch(place.say);
  }

  async read() {
    this.items = (await get("/faults?limit=1000")).items;
    this.table.set(this.items);
  }

  row(fault) {
    return { id: key(fault), href: `#/faults/${key(fault)}`, kind: "fine", cells: [fault.name, scope(fault.match), act(fault), fault.times === undefined ? "always" : fault.times] };
  }

  async select(steps) {
    if (!this.items.length) await this.read();
    this.table.choose(steps.length ? named(...steps) : null);
    this.shown = this.items.find((fault) => key(fault) === named(...steps));
    if (!this.shown) return this.form();
    const fault = this.shown;
    return fill(
      this.place.detail,
      h("header", {}, h("h2", {}, fault.name), h("p", { class: "by" }, scope(fault.match), " · ", act(fault)), h("p", { class: "actions" }, button("Lift", () => this.lift(fault), { title: "x" }))),
      part("As planted", json(fault)),
    );
  }

  async lift(fault) {
    if (!fault && !(await this.place.sure("Lift every fault there is?"))) return;
    const account = fault?.match?.account ? `?account=${encodeURIComponent(`${fault.match.vendor}/${fault.match.account}`)}` : "";
    await ask("DELETE", fault ? `/faults/${named(fault.name)}${account}` : "/faults");
    await this.read();
    location.hash = "#/faults";
    await this.form();
  }

  async form() {
    const vendor = choice([["", "every vendor"], ...this.place.vendors.map((each) => each.name)], { "aria-label": "Vendor", onchange: () => operations() });
    const account = h("input", { type: "text", placeholder: "every one, or vendor/name", "aria-label": "Account" });
    const operation = choice([["", "every operation"]], { "aria-label": "Operation" });
    const operations = () => {
      const known = this.place.vendors.find((each) => each.name === vendor.value)?.operations ?? [];
      operation.replaceChildren(...choice([["", "every operation"], ...known.map((each) => each.id)]).children);
    };
    const what = choice([...PROBLEMS.map((each) => [`problem ${each}`, each]), ...WIRES.map((each) => [`wire ${each}`, `${each} (on the wire)`]), ["delay", "only late"]], { "aria-label": "What" });
    const delay = h("input", { type: "number", min: "0", max: "60", step: "any", placeholder: "0", "aria-label": "Delay in seconds" });
    const times = h("input", { type: "number", min: "1", placeholder: "always", "aria-label": "Times" });
    const plant = async () => {
      const [kind, word] = what.value.split(" ");
      const match = Object.fromEntries([["vendor", vendor.value], ["account", account.value], ["operation", operation.value]].filter(([, value]) => value));
      const wish = { match, ...(word ? { [kind]: word } : {}), ...(delay.value ? { delay: Number(delay.value) } : {}), ...(times.value ? { times: Number(times.value) } : {}) };
      const made = await ask("POST", "/faults", wish);
      await this.read();
      location.hash = `#/faults/${key(made)}`;
    };
    const scenarios = this.place.paths.has("/scenarios") ? (await get("/scenarios")).items : [];
    fill(
      this.place.detail,
      h("header", {}, h("h2", {}, "Plant a fault")),
      facts([["vendor", vendor], ["account", account], ["operation", operation], ["what", what], ["seconds late", delay], ["times", times]]),
      h("p", { class: "actions" }, button("Plant", plant)),
      part("Scenarios", scenarios.map((each) => this.scenario(each, account))),
    );
  }

  scenario(each, account) {
    const put = async () => {
      await ask("POST", `/scenarios/${named(each.name)}`, account.value.includes("/") ? { account: account.value } : {});
      this.place.say(`${each.name} is on${account.value.includes("/") ? ` for ${account.value}` : ""}.`);
      await this.read();
    };
    return h("article", { class: "claim" }, h("p", {}, h("b", {}, each.name), " ", each.trouble ? null : button("Put on", put)), h("p", {}, each.says), each.trouble ? h("pre", {}, each.trouble) : null);
  }

  key(pressed) {
    const acts = { j: () => this.table.move(1), k: () => this.table.move(-1), n: () => this.form(), x: () => this.shown && this.lift(this.shown), r: () => this.read() };
    return acts[pressed]?.() ?? acts[pressed];
  }
}

const key = (fault) => named(fault.match.vendor ?? "*", fault.match.account ?? "*", fault.name);

const scope = (match) => [`${match.vendor ?? "*"}/${match.account ?? "*"}`, match.operation ? ` ${match.operation}` : null, match.header ? code(match.header) : null];

function act(fault) {
  return [
    fault.problem ? badge(fault.problem, "planted") : null,
    fault.wire ? badge(fault.wire, "planted") : null,
    fault.delay ? ` ${stretch(fault.delay)} late` : null,
    fault.rate ? ` after ${fault.rate.calls} in ${stretch(fault.rate.seconds)}` : null,
    fault.pace === undefined ? null : ` work at pace ${fault.pace}`,
    fault.fail ? " records fail" : null,
  ];
}
