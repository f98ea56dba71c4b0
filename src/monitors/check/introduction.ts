import { VERSION } from '../../config/version';

/** What every request of a check says, unless its monitor says otherwise. */
export const INTRODUCTION: Readonly<Record<string, string>> = {
  accept: '*/*',
  'accept-encoding': 'gzip',
  'user-agent': `Signalbox/${VERSION}`,
};

/** The headers of a check: a monitor's own go before ours, in whatever case they are written. */
export function introduced(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const own = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const ours = Object.entries(INTRODUCTION).filter(([name]) => !own.has(name));
  return { ...Object.fromEntries(ours), ...headers };
}
