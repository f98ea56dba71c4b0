/** Where monitors are to be, and what they ask. */
export interface MonitorOrders {
  /** Of the service. */
  readonly url: string;
  /** The n-th monitor asks `/<n>` of one of them, in turns. */
  readonly targetPorts: readonly number[];
  /** The first number, and the one after the last. */
  readonly from: number;
  readonly until: number;
  readonly definition: {
    readonly interval_s: number;
    readonly retry_s: number;
    readonly paused?: boolean;
  };
}

/** So many are added at once. */
const AT_ONCE = 8;

/**
 * Adds monitors over the API.
 *
 * @returns their numbers, by their ids
 */
export async function addMonitors(orders: MonitorOrders): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  let next = orders.from;
  const add = async (): Promise<void> => {
    while (next < orders.until) {
      const number = next++;
      numbers.set(await addMonitor(orders, number), number);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, add));
  return numbers;
}

async function addMonitor({ url, targetPorts, definition }: MonitorOrders, number: number): Promise<string> {
  const port = targetPorts[number % targetPorts.length];
  const monitor = { name: `monitor ${number}`, url: `http://127.0.0.1:${port}/${number}`, ...definition };
  const response = await fetch(`${url}/monitors`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(monitor),
  });
  if (response.status !== 201)
    throw new Error(`POST /monitors answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}
