import { opensPreview, previewPath } from './preview-link';

const HOUR_MS = 3_600_000;
const NOW = 490_000 * HOUR_MS + 1_800_000;
const PAGE = { slug: 'acme', secret: 'a secret' };

describe('a link to a preview', () => {
  const token = previewPath(PAGE, NOW).split('?preview=')[1]!;

  it('opens its page for an hour or two', () => {
    expect(previewPath(PAGE, NOW)).toMatch(/^\/status\/acme\?preview=[0-9a-z]+\.[0-9a-f]{32}$/);
    expect([0, HOUR_MS, 2 * HOUR_MS].map((later) => opensPreview(PAGE, token, NOW + later))).toEqual([
      ...[true, true, false],
    ]);
  });

  it('opens nothing else, and cannot be made to last', () => {
    expect(opensPreview({ secret: 'another' }, token, NOW)).toBe(false);
    const seal = token.split('.')[1]!;
    const later = (NOW + 100 * HOUR_MS).toString(36);
    for (const forged of [
      '',
      '.',
      seal,
      `${later}.${seal}`,
      `zzzzzzzzzzzzzz.${seal}`,
      `${token}0`,
      'é'.repeat(41),
    ]) {
      expect([forged, opensPreview(PAGE, forged, NOW)]).toEqual([forged, false]);
    }
  });
});
