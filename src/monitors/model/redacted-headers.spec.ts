import { changeDefinition, readDefinition } from './definition';
import type { MonitorDefinition } from './monitor';
import { REDACTED, redactedFaults, redactHeaders, restoreHeaders } from './redacted-headers';

function monitorWith(headers: Record<string, string>): MonitorDefinition {
  const reading = readDefinition({ name: 'API', url: 'https://api.example.com/', headers });
  if ('faults' in reading) throw new Error(JSON.stringify(reading.faults));
  return reading.definition;
}

const KNOWN = monitorWith({ Authorization: 'Bearer secret', accept: 'text/plain' });

/** The headers after a change that somebody sends who has read the redacted ones. */
function headersAfter(headers: Record<string, string>): unknown {
  const reading = changeDefinition(KNOWN, restoreHeaders({ headers }, KNOWN));
  return 'faults' in reading || reading.definition.type !== 'http' ? reading : reading.definition.headers;
}

describe('headers', () => {
  it('are shown by their names', () => {
    expect(redactHeaders(KNOWN)).toEqual({
      ...KNOWN,
      headers: { Authorization: REDACTED, accept: REDACTED },
    });
    expect(JSON.stringify(redactHeaders(KNOWN))).not.toContain('secret');
  });

  it('keep their values where a change sends the mask back, in whatever case of the name', () => {
    expect(headersAfter({ authorization: REDACTED, accept: 'text/html' })).toEqual({
      authorization: 'Bearer secret',
      accept: 'text/html',
    });
  });

  it('are gone where a change leaves them out', () => {
    expect(headersAfter({ accept: REDACTED })).toEqual({ accept: 'text/plain' });
  });

  it('are left to their reader where they are none', () => {
    expect(restoreHeaders({ headers: 'none' }, KNOWN)).toEqual({ headers: 'none' });
    expect(restoreHeaders(null, KNOWN)).toBeNull();
  });

  it('that are only a mask are faults', () => {
    expect(redactedFaults(KNOWN)).toEqual([]);
    expect(redactedFaults(monitorWith({ 'x-new': REDACTED }))).toEqual([
      { field: 'headers.x-new', message: expect.stringContaining('redacted') as unknown },
    ]);
  });
});
