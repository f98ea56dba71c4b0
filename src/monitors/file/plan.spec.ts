import fc from 'fast-check';
import { plan, type Planned } from '../../definition-files/plan';
import { planText } from './plan-text';
import { planView } from './plan-view';

const one = (key: string, fields: Record<string, unknown> = {}, account_id = 'default'): Planned => ({
  account_id,
  key,
  fields: { name: `The ${key}`, type: 'http', ...fields },
});

const anyPlanned: fc.Arbitrary<readonly Planned[]> = fc.uniqueArray(
  fc.record({
    account_id: fc.constantFrom('default', 'acme'),
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    fields: fc.record({
      type: fc.constantFrom('http', 'heartbeat'),
      name: fc.constantFrom('x', 'y'),
      expect: fc.record({ status: fc.constantFrom(['200'], ['204']) }),
    }),
  }),
  { selector: ({ account_id, key }) => `${account_id}/${key}` },
);

describe('a plan', () => {
  it('creates what is not there, removes what is not wanted, and leaves alone what is right', () => {
    const stored = [one('a'), one('b')];
    const wanted = [one('b'), one('c')];
    expect(plan(stored, wanted)).toEqual({
      remove: [stored[0]],
      change: [],
      create: [wanted[1]],
      unchanged: 1,
    });
  });

  it('names the fields that differ', () => {
    const stored = one('a', { interval_s: 60, expect: { status: ['200'], json: { '$.a': 1 } } });
    const wanted = one('a', { interval_s: 30, expect: { status: ['200'], json: {} } });
    expect(plan([stored], [wanted]).change).toEqual([
      {
        stored,
        wanted,
        changes: [
          { field: 'expect.json.$.a', from: 1, to: undefined },
          { field: 'interval_s', from: 60, to: 30 },
        ],
      },
    ]);
  });

  it('tells keys of one account from those of another', () => {
    const stored = [one('a', {}, 'acme')];
    const wanted = [one('a')];
    expect(plan(stored, wanted)).toMatchObject({ remove: stored, create: wanted, unchanged: 0 });
  });

  it('makes anew what is to be of another type', () => {
    const stored = [one('a', { type: 'heartbeat' })];
    const wanted = [one('a')];
    expect(plan(stored, wanted)).toMatchObject({ remove: stored, change: [], create: wanted });
  });

  it('accounts for each thing once, and there is nothing left to do after it', () => {
    fc.assert(
      fc.property(anyPlanned, anyPlanned, (stored, wanted) => {
        const { remove, change, create, unchanged } = plan(stored, wanted);
        expect(remove.length + change.length + unchanged).toBe(stored.length);
        expect(create.length + change.length + unchanged).toBe(wanted.length);
        const after = [
          ...stored.filter((each) => !remove.includes(each) && !change.some((made) => made.stored === each)),
          ...change.map((made) => made.wanted),
          ...create,
        ];
        expect(plan(after, wanted)).toEqual({ remove: [], change: [], create: [], unchanged: wanted.length });
      }),
    );
  });
});

describe('a plan for people', () => {
  const stored = [one('old'), one('api', { headers: { authorization: 'Bearer a' }, interval_s: 60 })];
  const wanted = [
    one('api', { headers: { authorization: 'Bearer b' }, interval_s: 30 }),
    one('new'),
    one('same'),
  ];

  it('shows what goes, what changes and what comes, and no header', () => {
    const view = planView(plan([...stored, one('same')], wanted), plan([], [one('sunday')]));
    expect(planText(view).split('\n')).toEqual([
      '- monitor default/old: The old',
      '~ monitor default/api: The api',
      '    headers.authorization: [redacted] → [redacted]',
      '    interval_s: 60 → 30',
      '+ monitor default/new: The new',
      '+ maintenance window default/sunday: The sunday',
      '2 to create, 1 to change, 1 to remove, 1 unchanged',
    ]);
  });

  it('cuts long values, and says what is not there', () => {
    const view = planView(
      plan([one('a', { body: null })], [one('a', { body: 'x'.repeat(500), more: 1 })]),
      plan([], []),
    );
    const [line, more] = view.changes[0]!.fields;
    expect(line).toEqual({ field: 'body', from: 'null', to: expect.stringMatching(/^"x{78}…$/) as unknown });
    expect(more).toEqual({ field: 'more', from: null, to: '1' });
  });
});
