import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitions } from '../../src/config/definitions';
import type { Setting } from '../../src/config/setting';

const ROOT = join(__dirname, '..', '..');
const settings = Object.entries<Setting<unknown>>(definitions);

/** The rows that the README has to show between its markers. */
const rows = settings.map(([name, { shownDefault, doc, isSecret }]) => {
  const shown = shownDefault === '' ? '' : `\`${shownDefault}\``;
  return `| \`${name}\` | ${shown} | ${doc}${isSecret ? ' Secret.' : ''} |`;
});

/** The lines that `.env.example` has to consist of, besides its heading. */
const example = settings.flatMap(([name, { shownDefault, doc, isSecret }]) => [
  `# ${doc}${isSecret ? ` Secret; may come from the file that ${name}_FILE names.` : ''}`,
  `#${name}=${shownDefault}`,
  '',
]);

describe('the documentation of the settings', () => {
  it('lists every setting with its default in the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const table = /<!-- settings -->\n([\s\S]*?)<!-- \/settings -->/.exec(readme)?.[1] ?? '';
    const shown = table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.replace(/\s+/g, ' '));
    expect(shown).toEqual(rows.map((row) => row.replace(/\s+/g, ' ')));
  });

  it('lists every setting with its default in .env.example', () => {
    const lines = readFileSync(join(ROOT, '.env.example'), 'utf8').split('\n');
    const start = lines.indexOf('') + 1;
    expect(lines.slice(start)).toEqual(example);
  });
});
