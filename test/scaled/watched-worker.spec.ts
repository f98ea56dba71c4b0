import type { Worker } from 'bullmq';
import { Queues } from '../../src/redis/queues';
import { WatchedWorker } from '../../src/redis/watched-worker';
import { eventually } from '../harness/eventually';
import { describeWith } from '../harness/servers';
import { stopServices, type RunningService } from '../harness/service';
import { ScaledServices } from './scaled-services';

/** A busy machine alone must not use it up. */
const PATIENCE_MS = 600;

interface Job {
  readonly name: string;
}

describeWith({ postgres: true, redis: true }, 'a worker that is watched', () => {
  let service: RunningService;
  let queues: Queues;
  let built: jest.SpyInstance<Worker<Job, void>>;
  let done: string[];
  let hang: boolean;
  let isHeldUp: boolean;
  let givenUp: number;
  let letGo: () => void;
  let watched: WatchedWorker<Job>;

  beforeEach(async () => {
    service = await (await ScaledServices.onFreshStore()).start('api');
    queues = service.app.get(Queues);
    built = jest.spyOn(queues, 'work') as unknown as typeof built;
    [done, hang, isHeldUp, givenUp] = [[], false, false, 0];
    const released = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const process = async ({ data }: { data: Job }): Promise<void> => {
      if (hang) await released;
      done.push(data.name);
    };
    watched = new WatchedWorker<Job>(queues, 'events', process, {
      concurrency: 1,
      patienceMs: PATIENCE_MS,
      isHeldUp: () => isHeldUp,
      giveUp: () => givenUp++,
    });
  });
  afterEach(async () => {
    letGo();
    await watched.close();
    await stopServices();
  });

  const add = (name: string): Promise<unknown> => queues.queue<Job>('events').add('store', { name });
  const workers = (): Worker[] => built.mock.results.map(({ value }) => value as Worker);
  const looks = (count: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, (count * PATIENCE_MS) / 4));

  it('works, and is left alone', async () => {
    await add('a');
    await eventually(() => expect(done).toEqual(['a']));
    await looks(6);
    expect([workers().length, givenUp]).toEqual([1, 0]);
  });

  it('is made anew when it takes no more jobs, without a word', async () => {
    await eventually(() => expect(workers()[0]!.isRunning()).toBe(true));
    await workers()[0]!.pause();
    await add('a');
    await eventually(() => expect(done).toEqual(['a']));
    expect([workers().length, givenUp]).toEqual([2, 0]);
    expect(service.log).toContainEqual(
      expect.objectContaining({
        level: 'error',
        queue: 'events',
        msg: 'no progress although work is due: making the worker anew',
      }),
    );
    await add('b');
    await eventually(() => expect(done).toEqual(['a', 'b']));
    await looks(6);
    expect(workers()).toHaveLength(2);
  });

  it('is given up when that does not help', async () => {
    await queues.queue('events').setGlobalConcurrency(1);
    hang = true;
    await add('a');
    await add('b');
    await eventually(() => expect(givenUp).toBeGreaterThan(0));
    expect([workers().length, done]).toEqual([2, []]);
    expect(service.log).toContainEqual(expect.objectContaining({ level: 'fatal', queue: 'events' }));
  });

  it('is neither while its jobs wait for the database', async () => {
    await queues.queue('events').setGlobalConcurrency(1);
    [hang, isHeldUp] = [true, true];
    await add('a');
    await add('b');
    await looks(10);
    expect([workers().length, givenUp]).toEqual([1, 0]);
    letGo();
    await eventually(() => expect(done).toEqual(['a', 'b']));
  });

  it('finishes what it has begun when it is closed, and is not made anew after that', async () => {
    hang = true;
    await add('a');
    await eventually(async () => expect(await queues.depth('events')).toEqual({ waiting: 0, active: 1 }));
    await add('b');
    const closing = watched.close();
    letGo();
    await closing;
    expect(done).toEqual(['a']);
    expect(await queues.depth('events')).toEqual({ waiting: 1, active: 0 });
    await looks(6);
    expect(workers()).toHaveLength(1);
  });
});
