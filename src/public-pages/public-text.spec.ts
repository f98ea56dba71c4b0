import { escaped, publicText } from './public-text';

describe('text for everybody', () => {
  it('is one line of at most 200 characters', () => {
    expect(publicText('  Cards\n\n fail\tnow ')).toBe('Cards fail now');
    expect(publicText('a'.repeat(100_000))).toBe(`${'a'.repeat(199)}…`);
    expect(Array.from(publicText('😀'.repeat(300)))).toHaveLength(200);
    expect(publicText(`a${' '.repeat(100_000)}b`)).toBe('a…');
  });

  it('turns no text around it, and has nothing that XML refuses', () => {
    expect(publicText('a\u202Egnp.exe\u202C \u2067b\u2069 \u0000\u001B[31m\uFFFE \uD800c')).toBe(
      'agnp.exe b [31m \uFFFDc',
    );
  });

  it('is escaped', () => {
    expect(escaped(`<script>"&'</script>\u0007`)).toBe('&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;');
  });
});
