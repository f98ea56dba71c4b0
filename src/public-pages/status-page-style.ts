import { createHash } from 'node:crypto';

/**
 * All of a page's looks: nothing is loaded from anywhere. Text has a contrast of 4.5 to 1 or more on its ground in both
 * colour schemes, and what stands for a state differs by more than its colour.
 */
export const STYLE = `:root{color-scheme:light dark;--ground:#f6f7f9;--surface:#fff;--text:#1b2430;--quiet:#566270;--line:#e1e5ea;--link:#1a5fa8;
--ok:#146c43;--ok-soft:#e3f3ea;--ok-fill:#38a173;--degraded:#8a4b00;--degraded-soft:#fdf0d9;--degraded-fill:#d98a1f;--outage:#b3261e;--outage-soft:#fbe6e4;--outage-fill:#c9302a;
--unknown:#5d4a8a;--unknown-soft:#eeeaf6;--unknown-fill:#9c8cc4;--maintenance:#1d5c8d;--maintenance-soft:#e1eef8;--maintenance-fill:#4993cc;--none-fill:#dfe4e9}
@media (prefers-color-scheme:dark){:root{--ground:#0f1419;--surface:#171d24;--text:#e6eaee;--quiet:#9aa7b4;--line:#29323c;--link:#8fc1f2;
--ok:#6fd0a1;--ok-soft:#15302a;--ok-fill:#2f8f63;--degraded:#f0b75e;--degraded-soft:#33291a;--degraded-fill:#d18c26;--outage:#ff9b94;--outage-soft:#3a1d20;--outage-fill:#e0605a;
--unknown:#b9abe0;--unknown-soft:#262241;--unknown-fill:#7a6aa8;--maintenance:#84b5dc;--maintenance-soft:#16304a;--maintenance-fill:#3f83b5;--none-fill:#2b353f}}
*{box-sizing:border-box}
html{background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:52rem;padding:2rem 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1.25rem}
h2{font-size:1.125rem;line-height:1.3;margin:2.25rem 0 .75rem}
h3{font-size:.9375rem;margin:1.5rem 0 .5rem;color:var(--quiet);font-weight:600}
p{margin:0}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
ul{list-style:none;margin:0;padding:0}
svg.sign{width:1.25em;height:1.25em;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.card{background:var(--surface);border:1px solid var(--line);border-radius:10px}
.quiet{color:var(--quiet);font-size:.875rem}
.state{display:inline-flex;align-items:center;gap:.4rem;font-weight:600;white-space:nowrap}
.ok{color:var(--ok)}.degraded{color:var(--degraded)}.outage{color:var(--outage)}.unknown{color:var(--unknown)}.maintenance{color:var(--maintenance)}
.notice{margin-bottom:1rem;padding:.6rem 1.25rem;border:1px dashed var(--quiet);border-radius:10px}
.over{color:var(--quiet);font-weight:500}
.banner{padding:1.25rem;border-radius:10px;border:1px solid currentColor}
.banner h2{display:flex;align-items:center;gap:.6rem;margin:0;font-size:1.375rem}
.banner p{margin:.4rem 0 0;color:var(--text);font-size:.9375rem}
.banner.ok{background:var(--ok-soft)}.banner.degraded{background:var(--degraded-soft)}.banner.outage{background:var(--outage-soft)}
.banner.unknown{background:var(--unknown-soft)}.banner.maintenance{background:var(--maintenance-soft)}
.row{padding:1rem 1.25rem;border-top:1px solid var(--line)}
.row:first-child{border-top:0}
.row:target{box-shadow:inset 4px 0 0 var(--link)}
.line{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.15rem 1rem}
.patterns{position:absolute}
.name{font-weight:600;min-width:0}
.days{display:block;width:100%;height:2rem;margin:.6rem 0 .4rem}
.day-ok{fill:var(--ok-fill)}.day-none{fill:var(--none-fill)}.day-degraded{fill:var(--degraded-fill)}.day-outage{fill:var(--outage-fill)}.day-ground{fill:var(--surface)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:.75rem 1.25rem;border-top:1px solid var(--line)}
.legend li{display:inline-flex;align-items:center;gap:.45rem}
.legend svg{width:.75rem;height:1.25rem;flex:none}
details{margin-top:1rem}
summary{cursor:pointer;color:var(--link)}
footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--line)}
footer p+p{margin-top:.35rem}
@media (max-width:30rem){body{padding-top:1.25rem}.row,.legend{padding-left:1rem;padding-right:1rem}.banner{padding:1rem}}
@media print{html{background:#fff;font-size:10pt}body{max-width:none;padding:0}.row,.banner{break-inside:avoid}h2,h3{break-after:avoid}svg,.banner{print-color-adjust:exact;-webkit-print-color-adjust:exact}}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** What a page may load and do: nothing but show itself. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  // The empty icon, so that browsers ask for none.
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
