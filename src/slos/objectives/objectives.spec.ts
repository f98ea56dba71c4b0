import { DEFAULT_OBJECTIVES } from '../model/default-objectives';
import type { Objective } from '../model/objective';
import { Objectives } from './objectives';

const [STANDARD] = DEFAULT_OBJECTIVES as [Objective];

const of = (account_id: string | null, id: string, objective: number): Objective => {
  return { ...STANDARD, account_id, id, objective };
};

const inShort = ({ all }: Objectives): string[] =>
  all.map(({ account_id, id, objective }) => `${account_id ?? 'all'}/${id} ${objective}`);

describe('objectives of the file and of accounts', () => {
  it('stand side by side, and what the file gives an account stays the file’s', () => {
    const objectives = new Objectives([of(null, 'a', 0.9), of('acme', 'b', 0.99)]);
    objectives.takeOwn([of('acme', 'a', 0.95), of('acme', 'b', 0.5), of('globex', 'b', 0.98)]);
    expect(inShort(objectives)).toEqual(['all/a 0.9', 'acme/b 0.99', 'acme/a 0.95', 'globex/b 0.98']);
    expect([...objectives.countedAccounts]).toEqual(['acme', 'globex']);
    expect([...objectives.givenIds('acme')]).toEqual(['b']);
  });

  it('are forgotten where an account has them no more', () => {
    const objectives = new Objectives([of(null, 'a', 0.9)]);
    objectives.takeOwn([of('acme', 'a', 0.95)]);
    objectives.takeOwn([]);
    expect(inShort(objectives)).toEqual(['all/a 0.9']);
    expect(objectives.countedAccounts.size).toBe(0);
  });
});
