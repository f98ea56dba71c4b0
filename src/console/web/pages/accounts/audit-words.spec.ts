import { shownChanges } from './audit-words';

describe('what the audit log shows of a change', () => {
  it('is what each field was and is', () => {
    expect(
      shownChanges({ role: { from: 'viewer', to: 'admin' }, scopes: { from: ['read'], to: null } }),
    ).toEqual({
      lines: [
        { name: 'role', from: 'viewer', to: 'admin' },
        { name: 'scopes', from: 'read', to: null },
      ],
      more: 0,
    });
  });

  it('leaves out what a new thing lacks, but not what something lost', () => {
    const changes = {
      paused: { from: null, to: false },
      headers: { from: null, to: {} },
      off: { from: true, to: false },
    };
    expect(shownChanges(changes).lines).toEqual([{ name: 'off', from: 'true', to: 'false' }]);
  });

  it('is cut where there is much of it', () => {
    const fields = Array.from({ length: 7 }, (_, index) => [
      `field_${index}`,
      { from: null, to: 'x'.repeat(500) },
    ]);
    const { lines, more } = shownChanges(Object.fromEntries(fields) as Record<string, unknown>);
    expect({ count: lines.length, more }).toEqual({ count: 4, more: 3 });
    expect(lines[0]!.to!.length).toBeLessThan(200);
  });
});
