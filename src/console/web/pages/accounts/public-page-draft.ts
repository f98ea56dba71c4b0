import type { PublicPage } from '../../api/types';

/** What the form holds of a service: whether everybody gets to see it, and under which name. */
export interface DraftService {
  readonly service: string;
  readonly isShown: boolean;
  readonly name: string;
}

/** What the form holds of a page. */
export interface Draft {
  readonly slug: string;
  readonly title: string;
  readonly enabled: boolean;
  readonly show_summaries: boolean;
  /** Those that are shown come first, in the page's order. */
  readonly services: readonly DraftService[];
}

/** A page as it is, or as it might be made, with all services that there are to choose from. */
export function draftOf(page: PublicPage | null, account: string, known: readonly string[]): Draft {
  const shown = page?.services ?? [];
  const others = known.filter((service) => !shown.some((one) => one.service === service));
  return {
    slug: page?.slug ?? slugFrom(account),
    title: page?.title ?? account,
    enabled: page?.enabled ?? false,
    show_summaries: page?.show_summaries ?? false,
    services: [
      ...shown.map(({ service, name }) => ({ service, name, isShown: true })),
      ...others.map((service) => ({ service, name: service, isShown: false })),
    ],
  };
}

/** The body that makes a page of a draft. */
export function bodyOf({ services, ...draft }: Draft): Omit<Draft, 'services'> & {
  readonly services: { service: string; name: string }[];
} {
  return {
    ...draft,
    services: services
      .filter(({ isShown }) => isShown)
      .map(({ service, name }) => ({ service, name: name.trim() === '' ? service : name })),
  };
}

/** An account's id as a part of an address. */
function slugFrom(account: string): string {
  return account
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** A service's badge as Markdown, linked to the page. */
export function badgeMarkdown(page: PublicPage, service: PublicPage['services'][number] | null): string {
  const address = `${location.origin}${page.path}`;
  const query = service === null ? '' : `?service=${service.id}`;
  const name = (service?.name ?? page.title).replace(/[[\]\\]/g, '\\$&');
  return `[![${name}](${address}/badge.svg${query})](${address})`;
}
