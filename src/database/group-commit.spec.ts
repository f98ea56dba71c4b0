import { GroupCommit } from './group-commit';

type Batch = readonly number[];
type Results = PromiseSettledResult<string>[];

const fulfilled = (batch: Batch): Results =>
  batch.map((item) => ({ status: 'fulfilled', value: `done ${item}` }));

/** A group commit whose commits end when the test says so. */
function underControl(
  limits: { maxItems?: number; maxBytes?: number; ownerOf?: (item: number) => string } = {},
) {
  const batches: Batch[] = [];
  const ends: ((results: Results | Error) => void)[] = [];
  const commit = (batch: Batch): Promise<Results> => {
    batches.push(batch);
    return new Promise((resolve, reject) => {
      ends.push((results) => (results instanceof Error ? reject(results) : resolve(results)));
    });
  };
  const group = new GroupCommit<number, string>(commit, {
    maxItems: limits.maxItems ?? 100,
    maxBytes: limits.maxBytes ?? Infinity,
    bytesOf: (item) => item,
    ...(limits.ownerOf === undefined ? {} : { ownerOf: limits.ownerOf }),
  });
  return { group, batches, end: (results: Results | Error) => ends.shift()!(results) };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
};

describe('GroupCommit', () => {
  it('commits what comes in together in one batch, in order, and answers each', async () => {
    const { group, batches, end } = underControl();
    const answers = Promise.all([1, 2, 3].map((item) => group.add(item)));
    await turns();
    expect(batches).toEqual([[1, 2, 3]]);
    end(fulfilled([1, 2, 3]));
    expect(await answers).toEqual(['done 1', 'done 2', 'done 3']);
  });

  it('gathers the next batch while one is being committed', async () => {
    const { group, batches, end } = underControl();
    const first = group.add(1);
    await turns();
    const later = [group.add(2), group.add(3)];
    await turns();
    expect(batches).toEqual([[1]]);
    end(fulfilled([1]));
    await first;
    await turns();
    expect(batches).toEqual([[1], [2, 3]]);
    end(fulfilled([2, 3]));
    expect(await Promise.all(later)).toEqual(['done 2', 'done 3']);
  });

  it('lets owners take turns where more waits than a batch may hold, each in the order of arrival', async () => {
    const ownerOf = (item: number): string => (item < 100 ? 'whale' : `account ${item}`);
    const { group, batches, end } = underControl({ maxItems: 3, ownerOf });
    const answers = Promise.all([1, 2, 3, 4, 5, 101, 102].map((item) => group.add(item)));
    await turns();
    end(fulfilled([1, 101, 102]));
    await turns();
    end(fulfilled([2, 3, 4]));
    await turns();
    end(fulfilled([5]));
    await answers;
    expect(batches).toEqual([[1, 101, 102], [2, 3, 4], [5]]);
  });

  it('bounds a batch by count', async () => {
    const { group, batches, end } = underControl({ maxItems: 2 });
    const answers = Promise.all([1, 2, 3].map((item) => group.add(item)));
    await turns();
    end(fulfilled([1, 2]));
    await turns();
    end(fulfilled([3]));
    await answers;
    expect(batches).toEqual([[1, 2], [3]]);
  });

  it('bounds a batch by bytes, and lets one that is too large alone through', async () => {
    const { group, batches, end } = underControl({ maxBytes: 10 });
    const answers = Promise.all([50, 4, 6, 1].map((item) => group.add(item)));
    for (const batch of [[50], [4, 6], [1]]) {
      await turns();
      end(fulfilled(batch));
    }
    await answers;
    expect(batches).toEqual([[50], [4, 6], [1]]);
  });

  it('fails every caller of a batch whose commit fails, and goes on', async () => {
    const { group, end } = underControl();
    const answers = Promise.allSettled([group.add(1), group.add(2)]);
    await turns();
    end(new Error('disk full'));
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = group.add(3);
    await turns();
    end(fulfilled([3]));
    expect(await next).toBe('done 3');
  });

  it('fails only the caller whose item was refused', async () => {
    const { group, end } = underControl();
    const answers = Promise.allSettled([group.add(1), group.add(2)]);
    await turns();
    end([{ status: 'rejected', reason: new Error('no') }, ...fulfilled([2])]);
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});
