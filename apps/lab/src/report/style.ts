import { paletteVariables } from "@tenon/figures";

/** The style sheet of the report: light and dark, from 360 px to wide, and for print. */
export const style = `
:root {
  color-scheme: light dark;
  --text: #1c2024; --dim: #5b6470; --back: #ffffff; --card: #f6f7f9; --line: #dfe3e8;
  --good: #11703c; --bad: #b42318; --open: #8a5a00; --link: #1f5fd0;
  --figure-background: var(--back);
  ${paletteVariables.light};
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6e8eb; --dim: #9aa4b0; --back: #12151a; --card: #1a1e25; --line: #303741;
    --good: #55c98a; --bad: #ff8a7a; --open: #f0b950; --link: #7fb0ff;
    ${paletteVariables.dark};
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem;
  font: 1rem/1.6 system-ui, sans-serif; color: var(--text); background: var(--back);
}
:lang(ko) { word-break: keep-all; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0.5rem 0; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 0; }
p { margin: 0.6rem 0; max-width: 46rem; }
a { color: var(--link); }
.language { float: right; }
.dim, figcaption, dt { color: var(--dim); }
.note { border-left: 4px solid var(--open); padding-left: 0.75rem; }
nav ol { list-style: none; padding: 0; margin: 1.5rem 0; border-top: 1px solid var(--line); }
nav li {
  display: flex; gap: 0.5rem 1rem; padding: 0.4rem 0; border-bottom: 1px solid var(--line);
  align-items: baseline; flex-wrap: wrap;
}
nav li a { flex: 1 1 14rem; }
section { margin: 3rem 0; border-top: 1px solid var(--line); padding-top: 1.5rem; }
.tip { font-size: 1.1rem; }
.verdict { font-weight: 600; white-space: nowrap; }
.holds { color: var(--good); }
.doesNotHold { color: var(--bad); }
.undecided { color: var(--open); }
.claims { list-style: none; padding: 0; margin: 1rem 0; }
.claims li { margin: 0.4rem 0; padding: 0.6rem 0.9rem; }
.claims li { background: var(--card); border-radius: 0.5rem; }
.claims .dim { display: block; font-size: 0.9rem; }
figure { margin: 1.5rem 0; }
figcaption { margin-bottom: 0.4rem; }
svg { display: block; width: 100%; height: auto; max-width: 44rem; font-family: inherit; }
svg text, svg tspan { white-space: pre; }
.narrow { display: none; }
@media (max-width: 36rem) { .narrow { display: block; } .broad { display: none; } }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.8rem; border-bottom: 1px solid var(--line); }
th, td { text-align: right; white-space: nowrap; }
th:first-child { text-align: left; padding-left: 0; }
thead th { color: var(--dim); font-weight: 500; vertical-align: bottom; }
tbody th { font-weight: 500; }
details { margin: 0.8rem 0; }
summary { cursor: pointer; color: var(--link); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; font-size: 0.9rem; }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: 0.85em ui-monospace, monospace; overflow-wrap: anywhere; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .language { display: none; }
  section { break-inside: avoid-page; }
  figure { break-inside: avoid; }
  .narrow { display: none; } .broad { display: block; }
}
`;
