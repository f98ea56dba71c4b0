import { Settings } from './settings';

const pagesOf = (STATUS_PAGES: string): unknown => Settings.load({ STATUS_PAGES }).STATUS_PAGES;

describe('STATUS_PAGES', () => {
  it('names pages and their URLs', () => {
    expect(pagesOf('acme=https://status.acme.example/api/v2/summary.json, b-2=http://127.0.0.1:1/x')).toEqual(
      [
        { name: 'acme', url: 'https://status.acme.example/api/v2/summary.json' },
        { name: 'b-2', url: 'http://127.0.0.1:1/x' },
      ],
    );
  });

  it('leaves commas and equals signs within a URL alone', () => {
    expect(pagesOf('acme=https://a.example/?ids=1,2&x=3,b=https://b.example/')).toEqual([
      { name: 'acme', url: 'https://a.example/?ids=1,2&x=3' },
      { name: 'b', url: 'https://b.example/' },
    ]);
  });

  it('may end with a comma', () => {
    expect(pagesOf('acme=https://a.example/,')).toHaveLength(1);
  });

  it.each([
    ['no name', '=https://a.example/'],
    ['a name in capitals', 'Acme=https://a.example/'],
    ['a name that is too long', `${'a'.repeat(42)}=https://a.example/`],
    ['a name with a setting of its own', 'spreedly=https://a.example/'],
    ['a name twice', 'a=https://a.example/,a=https://b.example/'],
    ['no URL', 'acme='],
    ['a URL without a scheme', 'acme=a.example'],
    ['a URL with a password', 'acme=https://me:secret@a.example/'],
  ])('is refused with %s', (_, text) => {
    expect(() => pagesOf(text)).toThrow('STATUS_PAGES');
  });
});
