const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const;

/** A length of time as people say it, in at most two units, cut and not rounded: `2 h 10 min`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const first = UNITS.findIndex((unit) => ms >= unit.ms);
  const [one, other] = [UNITS[first], UNITS[first + 1]];
  if (one === undefined) return '0 s';
  const count = Math.floor(ms / one.ms);
  const rest = other === undefined ? 0 : Math.floor((ms - count * one.ms) / other.ms);
  return rest === 0 || other === undefined
    ? `${count} ${one.name}`
    : `${count} ${one.name} ${rest} ${other.name}`;
}

/** How long ago an instant was, or how soon it will be, in one unit. Instants in milliseconds since 1970 UTC. */
export function agoText(at: number, now: number): string {
  const ms = Math.abs(now - at);
  if (ms < 5_000) return 'just now';
  const unit = UNITS.find((one) => ms >= one.ms) ?? UNITS[3];
  const text = `${Math.floor(ms / unit.ms)} ${unit.name}`;
  return at <= now ? `${text} ago` : `in ${text}`;
}

/** A share in percent, cut and never rounded up: what was not 100 % is not shown as 100 %. */
export function percentText(percent: number | null, places = 3): string {
  if (percent === null) return '–';
  const scale = 10 ** places;
  // A number such as 99.999 is a little below what it reads; the margin is far below any place that is shown.
  return `${(Math.floor(percent * scale + 1e-6) / scale).toFixed(places)} %`;
}
