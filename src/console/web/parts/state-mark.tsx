import type { ReactNode } from 'react';
import type { DeliveryStatus, MonitorState, ServiceState, Severity } from '../api/types';
import { Icon, type IconName } from './icon';

/** What a colour stands for. */
export type Tone = 'ok' | 'degraded' | 'outage' | 'unknown' | 'maintenance' | 'quiet';

/** How something is: always as a sign, a word and a colour. */
export interface StateWord {
  readonly tone: Tone;
  readonly word: string;
  readonly icon?: IconName;
}

const ICONS: Readonly<Record<Tone, IconName>> = {
  ok: 'check',
  degraded: 'warning',
  outage: 'cross',
  unknown: 'question',
  maintenance: 'wrench',
  quiet: 'dot',
};

export const SERVICE_WORDS: Readonly<Record<ServiceState, StateWord>> = {
  ok: { tone: 'ok', word: 'All well' },
  degraded: { tone: 'degraded', word: 'Degraded' },
  outage: { tone: 'outage', word: 'Outage' },
  unknown: { tone: 'unknown', word: 'Cannot tell' },
  maintenance: { tone: 'maintenance', word: 'Maintenance' },
};

export const SEVERITY_WORDS: Readonly<Record<Severity, StateWord>> = {
  critical: { tone: 'outage', word: 'Critical' },
  warning: { tone: 'degraded', word: 'Warning' },
  info: { tone: 'quiet', word: 'Info' },
};

export const DELIVERY_WORDS: Readonly<Record<DeliveryStatus, StateWord>> = {
  delivered: { tone: 'ok', word: 'Delivered' },
  pending: { tone: 'degraded', word: 'Pending', icon: 'clock' },
  dead: { tone: 'outage', word: 'Dead' },
  skipped: { tone: 'quiet', word: 'Skipped' },
};

export const MONITOR_WORDS: Readonly<Record<MonitorState, StateWord>> = {
  up: { tone: 'ok', word: 'Up' },
  degraded: { tone: 'degraded', word: 'Degraded' },
  down: { tone: 'outage', word: 'Down' },
  unknown: { tone: 'unknown', word: 'Cannot tell' },
  paused: { tone: 'quiet', word: 'Paused', icon: 'pause' },
};

/** The icon of a state. */
export function iconOf({ tone, icon }: Pick<StateWord, 'tone' | 'icon'>): IconName {
  return icon ?? ICONS[tone];
}

/** How something is; `isSoft` puts it on a ground of its colour. */
export function StateMark({
  tone,
  word,
  icon,
  isSoft = false,
}: StateWord & { readonly isSoft?: boolean }): ReactNode {
  return (
    <span className={`state tone-${tone}${isSoft ? ' state-soft' : ''}`}>
      <Icon name={iconOf({ tone, icon })} size={isSoft ? 14 : 16} />
      <span className="state-word">{word}</span>
    </span>
  );
}
