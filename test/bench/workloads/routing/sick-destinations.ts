import type { Bench } from '../../bench';
import { postOfEvents, tenantEvent } from '../../documents/tenant-events';
import { expectAll, makeLoad } from '../../load/load';
import { listOf } from '../../load/requests';
import { untilArrived } from '../../processes/arrivals';
import { startLocalServer } from '../../processes/local-server';
import { freePort } from '../../processes/ready';
import { startService } from '../../processes/service';
import { medianSpread, spreadOf, type Spread } from '../../statistics';
import { send } from './settings';

const ACCOUNT = 'sick';
const HEALTHY = Array.from({ length: 8 }, (_, n) => `healthy-${n}`);
const CONNECTIONS = 32;
const ARRIVAL_TIMEOUT_MS = 120_000;
const SECRET = `whsec_${Buffer.alloc(24, 'only for measuring').toString('base64')}`;

/** From acknowledgement to arrival at eight healthy destinations: alone, and beside one that hangs and one that is dead. */
export async function besideSickDestinations(bench: Bench): Promise<{ alone: Spread; beside: Spread }> {
  const alone: Spread[] = [];
  const beside: Spread[] = [];
  for (let round = 0; round < bench.sizes.rounds; round++) {
    alone.push(await measure(bench, `routing-alone-${round}`, false));
    beside.push(await measure(bench, `routing-sick-${round}`, true));
  }
  return { alone: medianSpread(alone), beside: medianSpread(beside) };
}

async function measure(bench: Bench, name: string, isWithSick: boolean): Promise<Spread> {
  const { perSecond, seconds } = bench.sizes.routing;
  const receiver = await startLocalServer('webhook-receiver');
  const service = await startService(bench, name, { ALLOW_PRIVATE_TARGETS: 'true' });
  const nobody = `http://127.0.0.1:${await freePort()}/`;
  const add = (destination: string, url: string): Promise<unknown> =>
    send(`${service.url}/destinations`, 'POST', {
      account_id: ACCOUNT,
      name: destination,
      type: 'webhook',
      settings: { url, secret: SECRET },
    });
  for (const healthy of HEALTHY) await add(healthy, `${receiver.url}/${healthy}`);
  if (isWithSick) {
    await add('hanging', `${receiver.url}/hang`);
    await add('dead', nobody);
  }
  const to = isWithSick ? [...HEALTHY, 'hanging', 'dead'] : HEALTHY;
  await send(`${service.url}/routes`, 'PUT', { account_id: ACCOUNT, routes: [{ name: 'all', to }] });

  const events = Array.from({ length: perSecond * seconds }, (_, index) => ({
    ...tenantEvent('sick', index, ACCOUNT),
    severity: 'critical',
  }));
  const requests = listOf(events.map(postOfEvents));
  const load = await makeLoad({ ports: [service.port], connections: CONNECTIONS, requests, perSecond });
  expectAll(202, load, 'critical events');
  const expected = events.length * HEALTHY.length;
  const { arrivedAt } = await untilArrived(receiver, expected, ARRIVAL_TIMEOUT_MS);
  await service.child.stop();
  await receiver.child.stop();
  const delays = events.flatMap(({ event_id }, index) =>
    HEALTHY.map((healthy) => (arrivedAt[`/${healthy} ${event_id}`] ?? Number.NaN) - load.answeredAt[index]!),
  );
  if (delays.some(Number.isNaN)) throw new Error('not all events arrived at the healthy destinations');
  return spreadOf(delays);
}
