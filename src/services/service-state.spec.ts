import { stateOfEvidence, stateOfTroubles, worstOf } from './service-state';

describe('the state of a service', () => {
  it('is the worst that its open events say', () => {
    const [critical, warning, maintenance, info] = [
      { severity: 'critical', type: 'incident' },
      { severity: 'warning', type: 'incident' },
      { severity: 'info', type: 'maintenance' },
      { severity: 'info', type: 'incident' },
    ] as const;
    expect(stateOfTroubles([warning, critical, maintenance])).toBe('outage');
    expect(stateOfTroubles([maintenance, warning])).toBe('degraded');
    expect(stateOfTroubles([info, maintenance])).toBe('maintenance');
    expect(stateOfTroubles([info])).toBe('ok');
    expect(stateOfTroubles([])).toBe('ok');
  });

  it('takes what cannot tell for nothing but the lack of anything else', () => {
    expect(stateOfEvidence(['unknown', 'ok'])).toBe('ok');
    expect(stateOfEvidence(['unknown', 'degraded'])).toBe('degraded');
    expect(stateOfEvidence(['unknown'])).toBe('unknown');
    expect(stateOfEvidence([])).toBe('unknown');
  });

  it('puts not knowing before being well', () => {
    expect(worstOf(['ok', 'unknown', 'maintenance'])).toBe('unknown');
  });
});
