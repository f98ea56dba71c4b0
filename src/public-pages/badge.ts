import type { UptimeWindow } from '../monitors/model/uptime';
import type { ServiceState } from '../services/service-state';
import { escaped } from './public-text';
import { percentText, STATE_WORDS, wordOf } from './public-words';
import type { PublicService, PublicStatus } from './public-status';

/** What a badge says: a word for what it is about, and one for how that is. */
export interface Badge {
  readonly label: string;
  readonly value: string;
  readonly tone: ServiceState | 'none';
}

/** Grounds on which white text has a contrast of 4.5 to 1 or more (WCAG 2.2, 1.4.3). */
const FILLS: Readonly<Record<Badge['tone'], string>> = {
  ok: '#1a7046',
  degraded: '#8a4b00',
  outage: '#b3261e',
  unknown: '#5d4a8a',
  maintenance: '#1d5c8d',
  none: '#566270',
};
const LABEL_FILL = '#3b434c';

/** Longest text of either half, in characters. */
const MAX_CHARACTERS = 60;

const HEIGHT = 20;
const PADDING = 7;
const RADIUS = 4;

/**
 * How wide characters are, in thousandths of the font's size: the widths of Verdana, rounded up, by classes. `textLength`
 * makes other fonts fit, so that nothing is cut whichever font there is.
 */
const WIDTHS: readonly (readonly [characters: RegExp, width: number])[] = [
  [/[ijl'|.,:;! ]/, 370],
  [/[frtI()[\]"/\\-]/, 460],
  [/[csvxyzJ]/, 600],
  [/[mwMW%@]/, 1_080],
  [/[A-Z#&+<=>~]/, 800],
  [/[ -~]/, 650],
  [/[\u00A0-\u02AF\u0370-\u06FF]/, 700],
];
const FONT_SIZE = 11;
const OTHER_WIDTH = 1_050;

/** How a page, or a service on it, is. */
export function statusBadge(status: PublicStatus, service: PublicService | null): Badge {
  if (service === null) return { label: status.title, value: STATE_WORDS[status.state], tone: status.state };
  return { label: service.name, value: wordOf(service), tone: service.state };
}

/** The uptime of a service, or of that service of a page that has the lowest. */
export function uptimeBadge(
  status: PublicStatus,
  service: PublicService | null,
  window: UptimeWindow,
): Badge {
  const percents = (service === null ? status.services : [service])
    .map(({ uptime_percent }) => uptime_percent[window])
    .filter((percent) => percent !== null);
  const percent = percents.length === 0 ? null : Math.min(...percents);
  const label = `${service === null ? status.title : service.name}, uptime ${window}`;
  return { label, value: percentText(percent), tone: toneOf(percent) };
}

function toneOf(percent: number | null): Badge['tone'] {
  if (percent === null) return 'none';
  if (percent >= 99.9) return 'ok';
  return percent >= 99 ? 'degraded' : 'outage';
}

/** The badge as a picture that says the same to whoever does not see it. */
export function badgeSvg(badge: Badge): string {
  const label = cut(badge.label);
  const value = cut(badge.value);
  const [labelWidth, valueWidth] = [widthOf(label), widthOf(value)];
  const [left, right] = [labelWidth + 2 * PADDING, valueWidth + 2 * PADDING];
  const said = escaped(`${label}: ${value}`);
  const text = (content: string, x: number, width: number): string =>
    `<text x="${x}" y="14" textLength="${width}" lengthAdjust="spacingAndGlyphs">${escaped(content)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" viewBox="0 0 ${left + right} ${HEIGHT}" role="img" aria-label="${said}">
<title>${said}</title>
<rect width="${left + right}" height="${HEIGHT}" rx="${RADIUS}" fill="${LABEL_FILL}"/>
<path d="M${left} 0h${right - RADIUS}a${RADIUS} ${RADIUS} 0 0 1 ${RADIUS} ${RADIUS}v${HEIGHT - 2 * RADIUS}a${RADIUS} ${RADIUS} 0 0 1-${RADIUS} ${RADIUS}h-${right - RADIUS}z" fill="${FILLS[badge.tone]}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="${FONT_SIZE}" aria-hidden="true">
${text(label, PADDING, labelWidth)}
${text(value, left + PADDING, valueWidth)}
</g>
</svg>
`;
}

function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length <= MAX_CHARACTERS ? text : `${characters.slice(0, MAX_CHARACTERS - 1).join('')}…`;
}

/** In whole pixels. */
function widthOf(text: string): number {
  const thousandths = Array.from(text).reduce((sum, character) => sum + widthOfOne(character), 0);
  return Math.ceil((thousandths * FONT_SIZE) / 1_000);
}

function widthOfOne(character: string): number {
  return WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? OTHER_WIDTH;
}
