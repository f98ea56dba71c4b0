import { withIds } from './public-page';

const idsOf = (...args: Parameters<typeof withIds>): string[] => withIds(...args).map(({ id }) => id);

describe('ids of shown services', () => {
  it('are made from public names, never from the account’s own', () => {
    const wanted = [
      { service: 'internal-psp-2', name: 'Card payments' },
      { service: 'b', name: 'Zahlungen über Café №5' },
      { service: 'c', name: '支払い' },
      { service: 'd', name: '支払い' },
    ];
    expect(idsOf(wanted, [])).toEqual(['card-payments', 'zahlungen-uber-cafe-no5', 'service', 'service-2']);
  });

  it('stay when a name is changed', () => {
    const known = withIds([{ service: 'psp', name: 'Payments' }], []);
    expect(idsOf([{ service: 'psp', name: 'Card payments' }], known)).toEqual(['payments']);
  });

  it('are those that were asked for, which no other service gets', () => {
    const known = [{ id: 'api', service: 'old', name: 'API' }];
    const wanted = [
      { service: 'old', name: 'API' },
      { id: 'api', service: 'new', name: 'API, new' },
    ];
    expect(idsOf(wanted, known)).toEqual(['api-2', 'api']);
  });
});
