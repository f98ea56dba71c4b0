import { htmlToPlainText } from './html-text';

describe('htmlToPlainText', () => {
  it.each<[fact: string, html: string, text: string]>([
    ['leaves plain text alone', 'All is well.\n\nReally.', 'All is well.\n\nReally.'],
    [
      'keeps the line breaks of half-HTML',
      'first\n\nsee <a href="https://x.test/">here</a>',
      'first\n\nsee here',
    ],
    ['decodes entities and keeps emoji', 'Tom &amp; Jerry &lt;3 🚨', 'Tom & Jerry <3 🚨'],
    [
      'makes lines of breaks and paragraphs',
      'one<br />two<p>three</p><p>four</p>',
      'one\ntwo\n\nthree\n\nfour',
    ],
    ['makes list items lines', '<ul><li>a</li><li>b</li></ul>', '* a\n * b'],
    ['does not shout headings', '<h2>What happened</h2>Nothing', 'What happened\n\nNothing'],
    ['drops scripts and images', 'a<script>alert(1)</script><img src="x" alt="y">b', 'ab'],
    ['does not take a comparison for a tag', 'latency < 5 s & falling', 'latency < 5 s & falling'],
    ['leaves at most one empty line', 'a  \n\n\n\n\nb', 'a\n\nb'],
    ['is empty for markup without text', '<p>&nbsp;</p>', ''],
  ])('%s', (_fact, html, text) => {
    expect(htmlToPlainText(html)).toBe(text);
  });

  it.each(['<div>', '<table><tr><td>', '<ul><li>', '<blockquote>x', '<!--', '&lt;', '<b a=1 '])(
    'survives a megabyte of %s',
    (part) => {
      expect(htmlToPlainText(part.repeat(1_000_000 / part.length)).length).toBeLessThan(50_000);
    },
  );

  it('looks at the first 20,000 characters only', () => {
    expect(htmlToPlainText(`${'a'.repeat(20_000)}b`)).toBe('a'.repeat(20_000));
  });
});
