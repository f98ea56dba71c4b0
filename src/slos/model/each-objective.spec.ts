import { DEFAULT_OBJECTIVES } from './default-objectives';
import { forEachTarget, type Targets } from './each-objective';
import type { Objective } from './objective';

const TARGETS: Targets = {
  monitors: [
    { id: 'm1', account_id: 'acme', name: 'Checkout' },
    { id: 'm2', account_id: 'other', name: 'Login' },
  ],
  vendors: ['spreedly', 'braze'],
};

const GENERAL = DEFAULT_OBJECTIVES.filter(({ kind }) => kind === 'monitor' || kind === 'vendor');
const [ofAll] = GENERAL as [Objective & { kind: 'monitor' }];

function idsOf(objectives: readonly Objective[]): string[] {
  return forEachTarget(objectives, TARGETS).map(({ id, account_id }) => `${account_id}/${id}`);
}

describe('objectives for each monitor and each vendor', () => {
  it('are one for each', () => {
    expect(idsOf(GENERAL)).toEqual([
      'acme/monitor-availability:m1',
      'other/monitor-availability:m2',
      'null/vendor-availability:spreedly',
      'null/vendor-availability:braze',
    ]);
    expect(forEachTarget(GENERAL, TARGETS)[0]).toEqual({
      ...ofAll,
      id: 'monitor-availability:m1',
      account_id: 'acme',
      name: 'Checkout is up',
      monitor: 'm1',
    });
  });

  it('give way to those of the account, and these to those of the monitor', () => {
    const ofAccount: Objective = { ...ofAll, id: 'strict', account_id: 'acme' };
    expect(idsOf([ofAll, ofAccount])).toEqual(['acme/strict:m1', 'other/monitor-availability:m2']);
    const ofMonitor: Objective = { ...ofAll, id: 'own', monitor: 'm1' };
    expect(idsOf([ofAll, ofAccount, ofMonitor])).toEqual(['acme/own', 'other/monitor-availability:m2']);
  });

  it('leave monitors of other accounts alone', () => {
    const foreign: Objective = { ...ofAll, id: 'foreign', account_id: 'acme', monitor: 'm2' };
    expect(idsOf([foreign])).toEqual([]);
  });

  it('leave all others as they are', () => {
    const others = DEFAULT_OBJECTIVES.filter((one) => !GENERAL.includes(one));
    expect(forEachTarget(others, TARGETS)).toEqual(others);
  });
});
