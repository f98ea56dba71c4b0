import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PublicPageEntity } from './public-page.entity';

/** So long a link at least shows a page that is not enabled. */
const PREVIEW_MS = 3_600_000;

/** Where a page can be seen for an hour or two, enabled or not, by whoever has the link. `now` in milliseconds since 1970 UTC. */
export function previewPath(
  { slug, secret }: Pick<PublicPageEntity, 'slug' | 'secret'>,
  now: number,
): string {
  // Of whole hours, so that the link is the same for a while.
  const until = (Math.floor(now / PREVIEW_MS) + 2) * PREVIEW_MS;
  return `/status/${slug}?preview=${tokenOf(secret, until)}`;
}

/** Whether a link's token opens the preview of a page. */
export function opensPreview(
  { secret }: Pick<PublicPageEntity, 'secret'>,
  token: string,
  now: number,
): boolean {
  const until = Number.parseInt(token, 36);
  if (!(now < until)) return false;
  const [given, right] = [Buffer.from(token), Buffer.from(tokenOf(secret, until))];
  return given.length === right.length && timingSafeEqual(given, right);
}

function tokenOf(secret: string, until: number): string {
  const seal = createHmac('sha256', secret).update(`preview until ${until}`).digest('hex').slice(0, 32);
  return `${until.toString(36)}.${seal}`;
}
