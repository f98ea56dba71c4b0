import { iso } from '../normalization/instant';
import type { ServiceState } from '../services/service-state';
import { DAY_MS } from '../services/day-history';
import { DAY_PATTERNS, dayStrip } from './day-strip';
import type { PlannedMaintenance, PublicIncident, PublicService, PublicStatus } from './public-status';
import { escaped } from './public-text';
import { bannerOf, durationText, instantText, LEVEL_WORDS, percentText, wordOf } from './public-words';

/** So much of the history is shown at once; the rest is one step away. */
const SHOWN_ENDED = 15;

/** Outlines of 24 by 24, one for each state: nobody needs to see its colour. */
const SIGNS: Readonly<Record<ServiceState, string>> = {
  ok: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 12.2l2.4 2.4 4.6-5',
  degraded: 'M12 4 2.8 20h18.4ZM12 10v4.5M12 17.2v.1',
  outage: 'M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3ZM9 9l6 6M15 9l-6 6',
  unknown:
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.6 9.6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.8M12 16.6v.1',
  maintenance:
    'M14.5 6.5a4 4 0 0 1 5-1.3l-2.6 2.6 1.8 1.8 2.6-2.6a4 4 0 0 1-5.4 5L8 20a2.1 2.1 0 0 1-3-3l8-7.9a4 4 0 0 1 1.5-2.6Z',
};

/** What counts above all else, and when it was so. */
export function banner(status: PublicStatus): string {
  const at = `<time datetime="${iso(status.at)}">${iso(status.at).slice(0, 19).replace('T', ' ')} UTC</time>`;
  const age = status.is_stale
    ? `Nobody could look since ${at}. What is shown below was so then.`
    : `As of ${at}. Reload the page for news.`;
  return `<section class="banner ${status.state}" aria-labelledby="banner">
<h2 id="banner">${sign(status.state)}${escaped(bannerOf(status))}</h2>
<p>${age}</p>
</section>`;
}

/** What is wrong now; nothing where nothing is. */
export function openSection({ open, open_total, at }: PublicStatus): string {
  if (open.length === 0) return '';
  const more =
    open_total > open.length ? `<li class="row quiet">The ${open.length} worst are shown.</li>` : '';
  return section('Now', `<ul class="card">${open.map((one) => incidentRow(one, at)).join('')}${more}</ul>`);
}

/** Every service of the page. */
export function servicesSection({ services, at, history_since }: PublicStatus): string {
  const rows = services.map((service) => serviceRow(service, at, history_since)).join('');
  const legend = (kind: string, word: string, y: number): string =>
    `<li><svg viewBox="0 0 12 20" aria-hidden="true" focusable="false"><rect class="day-${kind}" y="${y}" width="12" height="${20 - y}"/></svg>${word}</li>`;
  return section(
    'Services',
    `${DAY_PATTERNS}<div class="card"><ul>${rows}</ul><ul class="legend quiet">${legend('ok', 'no trouble known', 0)}${legend('degraded', 'degraded', 7)}${legend('outage', 'outage', 0)}${legend('none', 'not known', 0)}</ul></div>`,
  );
}

/** What is planned; nothing where nothing is. */
export function plannedSection({ planned }: PublicStatus): string {
  if (planned.length === 0) return '';
  return section('Planned maintenance', `<ul class="card">${planned.map(plannedRow).join('')}</ul>`);
}

/** What is over, newest first. */
export function endedSection({ ended, ended_total, at, history_since }: PublicStatus): string {
  if (ended.length === 0) {
    return section('History', `<p class="quiet">Nothing since ${instantText(history_since)}.</p>`);
  }
  const list = (incidents: readonly PublicIncident[]): string =>
    `<ul class="card">${incidents.map((one) => incidentRow(one, at)).join('')}</ul>`;
  const [shown, rest] = [ended.slice(0, SHOWN_ENDED), ended.slice(SHOWN_ENDED)];
  const earlier =
    rest.length === 0 ? '' : `<details><summary>${rest.length} earlier</summary>${list(rest)}</details>`;
  const left = ended_total > ended.length ? `<p class="quiet">The newest ${ended.length} are shown.</p>` : '';
  return section('History', `${list(shown)}${earlier}${left}`);
}

function section(title: string, content: string): string {
  const id = title.toLowerCase().replaceAll(' ', '-');
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${content}
</section>`;
}

function serviceRow(service: PublicService, now: number, historySince: number): string {
  const { name, state } = service;
  const { svg, words } = dayStrip(service, now, historySince);
  return `<li class="row">
<div class="line"><span class="name"><bdi>${escaped(name)}</bdi></span>${mark(state, wordOf(service))}</div>
${svg}
<div class="line quiet"><span>${uptimeText(service, now) ?? words}</span><span>${evidenceText(service)}</span></div>
</li>`;
}

function uptimeText({ uptime_percent, measured_since }: PublicService, now: number): string | null {
  if (uptime_percent['90d'] === null) return null;
  const isYounger = measured_since !== null && now - measured_since < 90 * DAY_MS;
  const within = isYounger ? `since ${iso(measured_since).slice(0, 10)}` : 'in 90 days';
  return `Uptime by our checks ${percentText(uptime_percent['90d'])} ${within}`;
}

function evidenceText({ basis, evidence_at }: PublicService): string {
  if (basis === 'none' || evidence_at === null)
    return basis === 'reported' ? 'not heard of yet' : 'not looked at yet';
  const at = timeText(evidence_at);
  return basis === 'observed' ? `looked at ${at}` : `last heard of ${at}`;
}

function incidentRow(incident: PublicIncident, now: number): string {
  const { id, service_name, level, started_at, ended_at, summary } = incident;
  const span =
    ended_at === null
      ? `since ${timeText(started_at)}, for ${durationText(now - started_at)}`
      : `${spanText(started_at, ended_at)}, ${durationText(ended_at - started_at)}`;
  const said = summary === null || summary === '' ? '' : `<p><bdi>${escaped(summary)}</bdi></p>`;
  return `<li class="row" id="i-${id}">
<div class="line"><span class="name"><bdi>${escaped(service_name)}</bdi></span>${mark(level, LEVEL_WORDS[level], ended_at !== null)}</div>
${said}<p class="quiet">${span}</p>
</li>`;
}

function plannedRow({ service_names, starts_at, ends_at }: PlannedMaintenance): string {
  const names = service_names.map((name) => `<bdi>${escaped(name)}</bdi>`).join(', ');
  return `<li class="row"><p class="name">${names}</p><p class="quiet">${spanText(starts_at, ends_at)}, ${durationText(ends_at - starts_at)}</p></li>`;
}

function timeText(at: number, text = instantText(at)): string {
  return `<time datetime="${iso(at)}">${text}</time>`;
}

/** The day is said once where both are of one. */
function spanText(from: number, until: number): string {
  const [start, end] = [instantText(from), instantText(until)];
  const isOneDay = start.slice(0, 10) === end.slice(0, 10);
  return `${timeText(from, start.replace(' UTC', ''))} to ${timeText(until, isOneDay ? end.slice(11) : end)}`;
}

/** What is over is told in a quiet voice. */
function mark(state: ServiceState, word: string, isOver = false): string {
  return `<span class="state ${isOver ? 'over' : state}">${sign(state)}${escaped(word)}</span>`;
}

function sign(state: ServiceState): string {
  return `<svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="${SIGNS[state]}"/></svg>`;
}
