import { setTimeout as sleep } from 'node:timers/promises';
import { endLeases } from '../delivery/crash';
import { startChildService } from '../harness/child-service';
import { eventually } from '../harness/eventually';
import { FakeDestination } from '../harness/fake-destination';
import { repetitions, seededRandom } from '../harness/repetitions';
import { chargeSucceeded, payoutFailed, ServiceClient } from '../harness/service-client';
import { freshStore } from '../harness/store';

const ROUNDS = repetitions({ short: 3, long: 20 });
const SENDERS = 16;
const LONGEST_LIFE_MS = 1_500;

describe('promise 1: accepted means durable and routed', () => {
  it(
    `loses nothing it acknowledged when it is killed in mid-load (${ROUNDS} rounds)`,
    async () => {
      const random = seededRandom('kill -9');
      const destination = await FakeDestination.start();
      const store = await freshStore();
      const environment = {
        ...store,
        PAGERDUTY_EVENTS_URL: destination.url,
        DELIVERY_BASE_MS: '10',
        BREAKER_RESET_MS: '50',
      };
      const acknowledged = new Set<string>();
      const critical = new Set<string>();
      for (let round = 0; round < ROUNDS; round++) {
        const service = await startChildService(environment);
        let isAlive = true;
        const send = async (sender: number): Promise<void> => {
          const client = new ServiceClient(service.url);
          for (let count = 0; isAlive; count++) {
            const id = `evt_${round}_${sender}_${count}`;
            const isCritical = count % 3 === 0;
            const answer = await client
              .stripe(isCritical ? payoutFailed(id) : chargeSucceeded(id))
              .catch(() => null);
            if (answer?.status !== 200) continue;
            acknowledged.add(id);
            if (isCritical) critical.add(id);
          }
        };
        const senders = Array.from({ length: SENDERS }, (_, sender) => send(sender));
        await sleep(100 + random() * LONGEST_LIFE_MS);
        await service.end('SIGKILL');
        isAlive = false;
        await Promise.all(senders);
      }
      expect(acknowledged.size).toBeGreaterThan(ROUNDS);

      await endLeases(store);
      const survivor = await startChildService(environment);
      const stored = await allEventIds(new ServiceClient(survivor.url));
      expect(new Set(stored).size).toBe(stored.length);
      const lost = [...acknowledged].filter((id) => !new Set(stored).has(id));
      expect(lost).toEqual([]);
      await eventually(() => {
        const paged = new Set(destination.received.map(({ body }) => body.dedup_key));
        expect([...critical].filter((id) => !paged.has(`default/${id}`))).toEqual([]);
      }, 60_000);
      await survivor.end('SIGTERM');
      await destination.stop();
    },
    60_000 + ROUNDS * 10_000,
  );
});

async function allEventIds(client: ServiceClient): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = await client.get<{ events: { event_id: string }[]; next_cursor: string | null }>(
      `/events?limit=500${query}`,
    );
    ids.push(...page.body.events.map(({ event_id }) => event_id));
    cursor = page.body.next_cursor;
  }
  return ids;
}
