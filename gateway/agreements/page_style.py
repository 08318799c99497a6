"""The style sheet of an agreement's page: A4 paper first, then the screen."""

STYLE = """
@page { size: A4; margin: 18mm 16mm }
:root { --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --wash: #f4f6f8; --mark: #0b5c8a }
* { box-sizing: border-box }
body { color: var(--ink); font: 10.5pt/1.45 "Noto Sans", "DejaVu Sans", Arial, sans-serif;
  margin: 0 }
main { margin: 0 auto; max-width: 54rem; padding: 1.5rem }
nav { color: var(--soft); display: flex; flex-wrap: wrap; font-size: 9pt; gap: .2rem .9rem }
h1 { font-size: 20pt; line-height: 1.2; margin: 1rem 0 .3rem }
h2 { border-bottom: 2px solid var(--mark); font-size: 14pt; margin: 2rem 0 .6rem }
h3 { font-size: 12pt; margin: 1.4rem 0 .4rem }
h3 small { color: var(--soft); font-size: 9pt; font-weight: normal; margin-left: .6rem }
h2, h3 { break-after: avoid }
a { color: var(--mark); text-decoration: none }
code { color: var(--soft); font: 8.4pt "DejaVu Sans Mono", Consolas, monospace;
  overflow-wrap: anywhere }
.lead { font-size: 12pt; margin: 0 0 1rem }
.note { background: var(--wash); border-left: 3px solid var(--mark); font-size: 9.5pt;
  padding: .4rem .7rem }
.not-in-force { color: #9a1c1c }
.in-force { color: #1a6b34 }
dl { display: grid; gap: 0; grid-template-columns: 13rem 1fr; margin: .3rem 0 }
dt, dd { border-bottom: 1px solid var(--line); margin: 0; overflow-wrap: anywhere;
  padding: .2rem .6rem .2rem 0 }
dt { color: var(--soft) }
table { border-collapse: collapse; font-size: 9.5pt; width: 100% }
th { background: var(--wash); text-align: left }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .5rem; vertical-align: top }
.bases code, .bases td:nth-child(3) { white-space: nowrap }
.bases td:nth-child(4) { min-width: 5rem }
dd, dt, tr { break-inside: avoid }
@media screen and (max-width: 40rem) {
  dl { grid-template-columns: 1fr }
  dt { border: 0; padding-bottom: 0 }
  table { display: block; overflow-x: auto } }
@media print { nav { display: none } main { max-width: none; padding: 0 } a { color: inherit } }
"""
