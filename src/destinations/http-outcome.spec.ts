import type { Outcome } from '../outbox/outcome';
import { outcomeOfStatus } from './http-outcome';

describe('outcomeOfStatus', () => {
  it.each<[outcome: Outcome, statuses: number[]]>([
    ['delivered', [200, 201, 202, 204, 206, 299]],
    ['redirected', [300, 301, 302, 303, 304, 307, 308]],
    ['rejected', [400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 424, 426, 431, 451, 499]],
    ['throttled', [429]],
    ['server_error', [408, 425, 500, 501, 502, 503, 504, 507, 511, 529, 599]],
  ])('takes as %s: %j', (outcome, statuses) => {
    expect(statuses.map((status) => [status, outcomeOfStatus(status)])).toEqual(
      statuses.map((status) => [status, outcome]),
    );
  });
});
