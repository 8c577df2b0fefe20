/**
 * The page's one style sheet. Colours are named by what they say; text has a contrast of 4.5 and
 * more on every ground that it stands on, in both modes. Paper is always light.
 */
export const style = `
:root {
  color-scheme: light dark;
  --bg: #fcfcfa; --raised: #ffffff; --ink: #1c2024; --muted: #59626c; --line: #dfe2e0;
  --accent: #0b6650; --s0: #eceeec; --s1: #b5dccb; --s2: #6dba9b; --s3: #2b8e6d; --s4: #0b5c45;
  --both: #0b6650; --hrnz: #6fa3dc; --tab: #efb84a; --manual: #9b8fb8;
  --ok: #1a6b3c; --warn: #8a5a00; --error: #b02a20; --info: #59626c;
  --ok-fill: #e3f1e8; --info-fill: #eceeec; --warn-fill: #fbeac4; --error-fill: #fadcd8;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --bg: #15181a; --raised: #1d2124; --ink: #e6e8e6; --muted: #a0a9ad; --line: #343a3e;
    --accent: #6fd0ae; --s0: #262b2e; --s1: #1f5545; --s2: #2b8467; --s3: #4fb491; --s4: #94e4c8;
    --both: #4fb491; --hrnz: #4d83c4; --tab: #d9a03a; --manual: #8f84ad;
    --ok: #7fd6a0; --warn: #f0bd55; --error: #ff9a90; --info: #a0a9ad;
    --ok-fill: #1c3a29; --info-fill: #262b2e; --warn-fill: #453511; --error-fill: #4b211e;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 3rem 1.5rem 4rem; max-width: 66rem; background: var(--bg);
  color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  overflow-wrap: break-word;
}
h1 { margin: 0; font-size: 1.75rem; font-weight: 650; line-height: 1.2; letter-spacing: -0.015em; }
h2 { margin: 4rem 0 0.4rem; font-size: 1.25rem; font-weight: 650; letter-spacing: -0.01em; }
h3 { margin: 2.2rem 0 0.6rem; font-size: 1rem; font-weight: 600; }
h2 + p.lead { margin-top: 0; }
header > p { max-width: none; }
p { margin: 0.6rem 0; max-width: 44rem; }
.quiet, .lead, header > p, footer { color: var(--muted); }
a { color: var(--accent); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px;
}
code {
  font: 0.86em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  background: var(--info-fill); padding: 0.1em 0.35em; border-radius: 4px; white-space: nowrap;
}
bdi { unicode-bidi: isolate; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; margin: 1.4rem 0 0; padding: 0; list-style: none; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
.verdict {
  margin: 2rem 0 0; padding: 0.85rem 1.1rem; max-width: none; border-left: 4px solid var(--ok);
  background: var(--ok-fill); border-radius: 0 6px 6px 0;
}
.verdict.warn { border-color: var(--warn); background: var(--warn-fill); }
.verdict.error { border-color: var(--error); background: var(--error-fill); }
.verdict.info { border-color: var(--info); background: var(--info-fill); }
dl.figures {
  display: grid; grid-template-columns: repeat(4, 1fr); gap: 1.6rem 2rem;
  margin: 2.2rem 0 0;
}
dl.figures div { border-top: 1px solid var(--line); padding-top: 0.6rem; }
dl.figures dt { color: var(--muted); font-size: 0.875rem; }
dl.figures dd { margin: 0; }
dl.figures .value {
  font-size: 1.6rem; font-weight: 600; line-height: 1.25; white-space: nowrap; font-variant-numeric: tabular-nums;
  letter-spacing: -0.01em;
}
dl.figures .more { color: var(--muted); font-size: 0.875rem; }
figure { margin: 1rem 0 0; }
figcaption { margin-top: 0.6rem; color: var(--muted); font-size: 0.875rem; max-width: 48rem; }
.scroll { overflow-x: auto; overscroll-behavior-x: contain; }
/* Begins at its end, where today is; what is inside reads from the left as ever. */
.scroll.from-end { direction: rtl; }
.scroll.from-end > * { direction: ltr; }
.scroll > table { margin-top: 0.3rem; }
svg { display: block; margin: 0 auto 0 0; max-width: none; height: auto; font-variant-numeric: tabular-nums; }
.small { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); gap: 2rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); gap: 1.4rem 2.5rem; }
.small > *, .pair > * { min-width: 0; margin: 0; }
.small svg, .pair svg { width: 100%; }
.small figcaption { margin: 0 0 0.5rem; }
details { margin-top: 0.7rem; }
details.more { margin-top: 1.6rem; }
summary { cursor: pointer; color: var(--muted); font-size: 0.875rem; width: fit-content; }
table { border-collapse: collapse; margin: 0.8rem 0 0; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); font-size: 0.875rem; padding-bottom: 0.3rem; }
th, td { padding: 0.4rem 1.4rem 0.4rem 0; text-align: left; vertical-align: top; font-weight: 400; border-bottom: 1px solid var(--line); }
thead th { color: var(--muted); font-size: 0.8125rem; vertical-align: bottom; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
.n { text-align: right; white-space: nowrap; }
.no-break { white-space: nowrap; }
.status { font-weight: 600; white-space: nowrap; }
.status.ok { color: var(--ok); } .status.warn { color: var(--warn); }
.status.error { color: var(--error); } .status.info { color: var(--info); }
p.name { margin: 1.2rem 0 0.2rem; font-size: 0.875rem; font-weight: 600; }
p.caption { font-size: 0.875rem; max-width: 48rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
ol.issues, ol.issues ul { margin: 0; padding: 0; list-style: none; }
ol.issues { margin-top: 0.8rem; }
ol.issues > li {
  display: grid; grid-template-columns: 4.5rem minmax(0, 1fr) 22rem; gap: 0.3rem 1.5rem;
  padding: 0.8rem 0; border-top: 1px solid var(--line);
}
ol.issues p { margin: 0.2rem 0 0; }
ol.issues .count { font-variant-numeric: tabular-nums; }
ol.issues ul, ol.issues .quiet { font-size: 0.875rem; }
table.heat { font-size: 0.85rem; border-collapse: separate; border-spacing: 3px; margin: 0 auto 0 -3px; }
table.heat th, table.heat td { border: 0; padding: 0.3rem 0.4rem; white-space: nowrap; }
table.heat th:first-child { position: sticky; left: 0; padding-left: 0; background: var(--bg); }
table.heat td { min-width: 3.5rem; border-radius: 3px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
td.ok { background: var(--ok-fill); } td.info { background: var(--info-fill); }
td.warn { background: var(--warn-fill); } td.error { background: var(--error-fill); }
ol.questions { margin: 0.8rem 0 0; padding: 0; list-style: none; }
ol.questions li { padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
ol.questions p { margin: 0; max-width: none; }
ol.questions .quiet { font-size: 0.875rem; margin-top: 0.25rem; }
.keys { font-size: 0.875rem; display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; align-items: center; }
.key { display: inline-flex; align-items: center; gap: 0.4rem; white-space: nowrap; }
.swatch {
  display: inline-block; width: 12px; height: 12px; border-radius: 2px;
  -webkit-print-color-adjust: exact; print-color-adjust: exact;
}
.s0 { background: var(--s0); } .s1 { background: var(--s1); } .s2 { background: var(--s2); }
.s3 { background: var(--s3); } .s4 { background: var(--s4); }
.swatch.lacks { background: none; border: 1.5px solid var(--warn); }
.cross { font-style: normal; font-weight: 700; color: var(--error); line-height: 1; }
.swatch.both { background: var(--both); }
.swatch.hrnz { background: repeating-linear-gradient(135deg, var(--hrnz) 0 3px, var(--bg) 3px 4.5px); }
.swatch.tab { background: repeating-linear-gradient(0deg, var(--tab) 0 3px, var(--bg) 3px 4.5px); }
.swatch.manual { background: var(--manual); }
.swatch.good { background: var(--s2); } .swatch.bad { background: repeating-linear-gradient(45deg, var(--error) 0 2.5px, var(--bg) 2.5px 4px); }
footer { margin-top: 4.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 0.875rem; }
.defs { position: absolute; width: 0; height: 0; }
@media (max-width: 40rem) {
  body { padding: 1.6rem 1.1rem 3rem; }
  h2 { margin-top: 3rem; }
  code { white-space: normal; }
  ol.issues > li { grid-template-columns: minmax(0, 1fr); }
  table.heat th:first-child { white-space: normal; min-width: 8rem; }
  dl.figures { grid-template-columns: repeat(2, 1fr); gap: 1.1rem 1.4rem; }
  dl.figures .value { font-size: 1.35rem; }
}
@media print {
  @page { margin: 16mm 14mm; }
  :root { color-scheme: light; --bg: #ffffff; font-size: 8.5pt; }
  body { padding: 0; max-width: none; }
  nav, summary, figure details { display: none; }
  h2 { margin-top: 2rem; }
  h2, h3, caption, summary { break-after: avoid; }
  figure, tr, li, dl.figures div, .verdict { break-inside: avoid; }
  .scroll { overflow: visible; }
  svg { max-width: 100%; }
  ol.issues > li { grid-template-columns: 4.5rem minmax(0, 1fr) 21rem; }
  table.heat { font-size: 0.75rem; border-spacing: 2px; }
  table.heat th:first-child { position: static; }
  table.heat td { min-width: 0; }
  svg, .verdict, code { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  a { color: inherit; }
}
`
