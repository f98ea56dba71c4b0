/** What a burn rate asks for, least first. */
export const BURN_BANDS = ['normal', 'watch', 'investigate', 'incident'] as const;
export type BurnBand = (typeof BURN_BANDS)[number];

/** What people do about each. */
export const BAND_ADVICE: Readonly<Record<BurnBand, string>> = {
  normal: 'Nothing to do.',
  watch: 'Watch it: the budget will not outlast the window.',
  investigate: 'Investigate, and consider freezing deploys.',
  incident: 'Treat it as an incident.',
};

/** Below 1 normal, from 1 watch, from 2 investigate, above 5 incident. */
export function burnBandOf(burnRate: number): BurnBand {
  if (burnRate > 5) return 'incident';
  if (burnRate >= 2) return 'investigate';
  return burnRate >= 1 ? 'watch' : 'normal';
}
