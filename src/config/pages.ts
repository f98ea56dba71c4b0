/** A Statuspage page that an operator added by `STATUS_PAGES`. */
export interface ConfiguredPage {
  /** The service's name in events; the source is `<name>_status`. */
  readonly name: string;
  /** The page's `…/api/v2/summary.json`. */
  readonly url: string;
}

/** Names that have a setting of their own. */
const TAKEN = ['spreedly', 'braze'];

/** Reads `name=url,name=url`. Throws an Error that names the faulty part. */
export function parsePages(value: string, parseUrl: (url: string) => string): readonly ConfiguredPage[] {
  const pages = value
    .split(/,(?=\s*[\w-]*=)|,\s*$/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      const name = part.slice(0, Math.max(at, 0)).trim();
      if (!/^[a-z0-9][a-z0-9_-]{0,40}$/.test(name)) {
        throw new Error(`has a part without a name of small letters, digits, - and _ before "=": ${part}`);
      }
      if (TAKEN.includes(name)) throw new Error(`must not repeat ${name}: it has a setting of its own`);
      try {
        return { name, url: parseUrl(part.slice(at + 1).trim()) };
      } catch (cause) {
        throw new Error(`has no usable URL for ${name}: it ${(cause as Error).message}`, { cause });
      }
    });
  const twice = pages.find((page, index) => pages.findIndex((other) => other.name === page.name) < index);
  if (twice !== undefined) throw new Error(`names ${twice.name} twice`);
  return pages;
}
