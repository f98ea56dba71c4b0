import { bodyOf, draftOf } from './public-page-draft';

const PAGE = {
  ...{ account_id: 'acme', slug: 'shop', path: '/status/shop', preview_path: '', title: 'Shop' },
  ...{ enabled: true, show_summaries: true, created_at: '', updated_at: '' },
  services: [{ id: 'payments', service: 'psp', name: 'Payments' }],
};

describe('the form of a public page', () => {
  it('begins with nothing that is shown, at an address that may be used', () => {
    const draft = draftOf(null, 'Acme_Corp.', ['search', 'psp']);
    expect(draft).toMatchObject({
      slug: 'acme-corp',
      title: 'Acme_Corp.',
      enabled: false,
      show_summaries: false,
    });
    expect(bodyOf(draft).services).toEqual([]);
  });

  it('keeps what is shown first, also what nobody knows any more', () => {
    const draft = draftOf(PAGE, 'acme', ['search']);
    expect(draft.services).toEqual([
      { service: 'psp', name: 'Payments', isShown: true },
      { service: 'search', name: 'search', isShown: false },
    ]);
    const emptied = {
      ...draft,
      services: draft.services.map((one) => ({ ...one, isShown: true, name: ' ' })),
    };
    expect(bodyOf(emptied)).toEqual({
      ...{ slug: 'shop', title: 'Shop', enabled: true, show_summaries: true },
      services: [
        { service: 'psp', name: 'psp' },
        { service: 'search', name: 'search' },
      ],
    });
  });
});
