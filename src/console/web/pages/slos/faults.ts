import type { StateWord } from '../../parts/state-mark';

/** Whose fault something was. */
export const FAULT_WORDS: Readonly<Record<'own' | 'vendor', StateWord>> = {
  own: { tone: 'outage', word: 'Ours', icon: 'wrench' },
  vendor: { tone: 'unknown', word: 'A vendor’s', icon: 'inbox' },
};
