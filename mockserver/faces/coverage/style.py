"""How the page of rule coverage looks."""

STYLE = """<style>
:root { color-scheme: light dark; --ink: #1c2430; --faint: #5d6878; --line: #dde2ea; --ground: #fff; --card: #f6f8fb;
  --good: #1a7f4b; --bad: #b3401b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf0; --faint: #97a3b4; --line: #313a47; --ground: #12171e; --card: #1a212b;
    --good: #5ac78d; --bad: #f0895f; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 60rem; color: var(--ink); background: var(--ground);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.1rem; font-weight: 600; color: var(--faint); }
h2 { margin: 3rem 0 .75rem; font-size: 1.35rem; }
p { margin: .25rem 0; }
.percent { margin: 0; font-size: 3.25rem; font-weight: 650; line-height: 1.2; }
.share, .faint { color: var(--faint); font-weight: 400; font-size: .9em; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; }
dl > div { flex: 1 1 16rem; }
dt { font-size: .85em; color: var(--faint); }
dd { display: flex; align-items: center; gap: .75rem; margin: 0; white-space: nowrap; }
dd > :last-child { min-width: 5.5rem; text-align: right; font-variant-numeric: tabular-nums; }
.bar { flex: 1; height: .55rem; border-radius: 1rem; background: var(--line); overflow: hidden; }
.bar > span { display: block; height: 100%; background: var(--good); }
label { display: inline-block; margin-top: .5rem; cursor: pointer; }
details { margin: .75rem 0; border: 1px solid var(--line); border-radius: .5rem; overflow: hidden; }
summary { padding: .6rem .9rem; background: var(--card); font-weight: 600; cursor: pointer; }
table { width: 100%; border-collapse: collapse; }
th { padding: .5rem .9rem; text-align: left; font-size: .8em; font-weight: 500; color: var(--faint); }
td { padding: .6rem .9rem; border-top: 1px solid var(--line); vertical-align: top; }
th:nth-child(n+3), td:nth-child(n+3) { width: 5rem; text-align: center; }
td.basis, th:nth-child(2) { width: 7rem; color: var(--faint); font-size: .85em; }
code { font: 600 .92em ui-monospace, monospace; overflow-wrap: anywhere; }
.seen { color: var(--good); } .unseen { color: var(--bad); font-weight: 700; } .none { color: var(--faint); }
body:has(#missing:checked) .complete { display: none; }
@media (max-width: 40rem) {
  td.basis, th:nth-child(2) { display: none; }
  th:nth-child(n+3), td:nth-child(n+3) { width: 4rem; padding-inline: .25rem; }
}
@media print { label { display: none; } details { break-inside: auto; } tr { break-inside: avoid; } }
</style>"""
