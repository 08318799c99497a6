"""The style sheet of the printable reference: A4 paper first, then the screen."""

STYLE = """
@page { size: A4; margin: 18mm 15mm 18mm 15mm;
  @bottom-left { content: "LMX, the standard, schema version 1"; font: 8pt sans-serif; color: #555 }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #555 } }
:root { --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --wash: #f4f6f8; --mark: #0b5c8a }
* { box-sizing: border-box }
body { color: var(--ink); font: 10pt/1.42 "Noto Sans", "DejaVu Sans", Arial, sans-serif;
  margin: 0 auto; max-width: 62rem; padding: 1.5rem }
h1 { font-size: 26pt; line-height: 1.15; margin: 0 0 .4rem }
h2 { border-bottom: 2px solid var(--mark); font-size: 17pt; margin: 2.6rem 0 .7rem;
  padding-bottom: .2rem }
h3 { font-size: 11pt; margin: .95rem 0 .25rem }
h2, h3, h4 { break-after: avoid }
h2 small, h3 small { color: var(--soft); font-size: 9pt; font-weight: normal; margin-left: .6rem }
p { margin: .35rem 0 .6rem; max-width: 46rem }
a { color: var(--mark); text-decoration: none }
code, td.n { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: 8.4pt }
code.pattern, dd code { overflow-wrap: anywhere }
pre { background: var(--wash); border: 1px solid var(--line); border-radius: 4px;
  font: 8pt/1.35 "DejaVu Sans Mono", Consolas, monospace; margin: .4rem 0; overflow: hidden;
  padding: .6rem .8rem; white-space: pre-wrap }
table { border-collapse: collapse; font-size: 8.6pt; margin: .25rem 0 .7rem; width: 100% }
th { background: var(--wash); border-bottom: 1.5px solid var(--ink); text-align: left }
th, td { padding: .17rem .4rem; vertical-align: top }
td { border-bottom: 1px solid var(--line) }
thead { display: table-header-group }
tr { break-inside: avoid }
td:first-child { white-space: nowrap }
td:first-child, th:first-child { padding-left: 0 }
.members td:nth-child(1) { width: 19% }
.members td:nth-child(2) { width: 17% }
.members td:nth-child(3) { width: 6% }
.members td:nth-child(4) { width: 36% }
.members td:last-child { color: var(--soft); font-size: 8pt }
td i { color: var(--soft); display: block; font-size: 8pt; font-style: normal }
td b { font-weight: 600 }
.lead { font-size: 12pt; max-width: 44rem }
.soft, caption { color: var(--soft) }
.toc { columns: 2; list-style: none; margin: .4rem 0; padding: 0 }
.toc li { break-inside: avoid; margin: 0 0 .25rem }
.toc b { display: inline-block; width: 2rem }
.facts { display: grid; gap: .15rem 1rem; grid-template-columns: max-content 1fr; margin: .5rem 0 }
.facts dt { color: var(--soft) }
.facts dd { margin: 0 }
.side { break-inside: avoid; align-items: flex-start; display: flex; gap: 1.6rem }
.side > div { flex: 1 }
.two { display: grid; gap: 1rem; grid-template-columns: 1fr 1fr }
svg { break-inside: avoid; flex: none; margin: .3rem 0 }
svg rect { fill: #fff; stroke: var(--ink) }
svg text { fill: var(--ink); font: 11px "DejaVu Sans", Arial, sans-serif; text-anchor: middle }
svg path { fill: none; stroke: var(--soft); stroke-width: 1.1 }
svg marker path { fill: var(--soft); stroke: none }
svg circle { fill: var(--mark) }
@media screen and (max-width: 48rem) {
  table { display: block; overflow-x: auto }
  .members td { min-width: 6rem }
  .toc { columns: 1 }
  .two { grid-template-columns: minmax(0, 1fr) }
  .side { flex-wrap: wrap }
  .facts { grid-template-columns: minmax(0, 1fr) }
  svg { height: auto; max-width: 100% }
}
@media print {
  body { font-size: 9pt; max-width: none; padding: 0 }
  section { break-before: page }
  section.cover { break-before: auto }
  a { color: inherit }
  h2 { margin-top: 0 }
}
"""
