import { errorShape } from '../api/error-shape';
import { startService, stopServices, type RunningService } from '../harness/service';

/** What a first visit may load, in bytes as they are sent. */
const MOST_BYTES = 300_000;

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(stopServices);

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${service.url}${path}`, { headers: { 'accept-encoding': 'br', ...headers } });

/** What the page loads at once. */
async function firstLoad(): Promise<string[]> {
  const html = await (await get('/')).text();
  return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
}

describe('the console', () => {
  it.each(['/', '/console', '/console/events', '/console/no/such.page?x=1'])(
    'is the page at %s',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    },
  );

  it('may load nothing from elsewhere and run nothing but its own files', async () => {
    const [one, other] = [await get('/'), await get('/')];
    const policy = one.headers.get('content-security-policy')!;
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w+/=]{22,}'; /);
    expect(policy).not.toContain('unsafe');
    expect(other.headers.get('content-security-policy')).not.toBe(policy);
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
    const html = await one.text();
    expect(html).toContain(`<meta name="style-nonce" content="${nonce}"`);
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|https?:/);
  });

  it('never stands in for a route of the API that is not there', async () => {
    for (const path of [
      '/nowhere',
      '/events/nobody',
      '/accounts/x/y',
      '/console/assets/none.js',
      '/consoles',
    ]) {
      const answer = await get(path);
      const body = (await answer.json()) as Record<string, unknown>;
      expect([path, body]).toEqual([
        path,
        expect.objectContaining({ ...errorShape(404, answer.headers.get('x-request-id')) }),
      ]);
    }
  });

  it('has files that browsers keep for good, compressed', async () => {
    const [script] = (await firstLoad()).filter((path) => path.endsWith('.js'));
    const answer = await get(script!);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it(`is loaded with less than ${MOST_BYTES} bytes`, async () => {
    const paths = await firstLoad();
    expect(paths.length).toBeGreaterThanOrEqual(3);
    const sizes = await Promise.all(
      paths.map(async (path) => Number((await get(path)).headers.get('content-length'))),
    );
    for (const size of sizes) expect(size).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  });
});
