import type { ServiceState } from '../services/service-state';
import type { IncidentLevel, PublicService, PublicStatus } from './public-status';

/** What a page says above all else. */
export function bannerOf({ state, services, is_stale }: PublicStatus): string {
  switch (state) {
    case 'outage':
      return services.every((one) => one.state === 'outage') ? 'Outage' : 'Outage of some services';
    case 'degraded':
      return 'Some services are degraded';
    case 'unknown':
      return is_stale || services.every((one) => one.state === 'unknown')
        ? 'We cannot tell at the moment'
        : 'Of some services we cannot tell';
    case 'maintenance':
      return 'Planned maintenance';
    case 'ok':
      return services.every(({ basis }) => basis === 'observed')
        ? 'All services are working'
        : 'No incident is known';
  }
}

/** How a service is, in one or two words. */
export function wordOf({ state, basis }: Pick<PublicService, 'state' | 'basis'>): string {
  return state === 'ok' && basis === 'reported' ? 'No incident reported' : STATE_WORDS[state];
}

export const STATE_WORDS: Readonly<Record<ServiceState, string>> = {
  outage: 'Outage',
  degraded: 'Degraded',
  unknown: 'Cannot tell',
  maintenance: 'Maintenance',
  ok: 'Working',
};

export const LEVEL_WORDS: Readonly<Record<IncidentLevel, string>> = {
  outage: 'Outage',
  degraded: 'Degraded',
  maintenance: 'Planned maintenance',
};

/** A percentage that was cut already: never rounded up. */
export function percentText(percent: number | null): string {
  return percent === null ? 'not measured' : `${percent} %`;
}

/** An instant as people read it, in UTC, to the minute. */
export function instantText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** How long something takes, in its two largest units; what lasts less than a minute is said so. */
export function durationText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than 1 min';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return together(`${hours} h`, minutes % 60, 'min');
  return together(`${Math.floor(hours / 24)} d`, hours % 24, 'h');
}

function together(first: string, rest: number, unit: string): string {
  return rest === 0 ? first : `${first} ${rest} ${unit}`;
}
