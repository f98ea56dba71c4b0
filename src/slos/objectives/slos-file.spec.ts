import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/harness/temporary-folder';
import { DEFAULT_OBJECTIVES } from '../model/default-objectives';
import { readSlosFile, type SlosFile } from './slos-file';

function read(text: string): Promise<SlosFile> {
  const path = join(temporaryFolder(), 'slos.yaml');
  writeFileSync(path, text);
  return readSlosFile(path);
}

describe('SLOS_FILE', () => {
  it('changes defaults, leaves some out, and adds others', async () => {
    const { objectives, warnings } = await read(`
objectives:
  - id: events-availability
    objective: 0.9995
  - { id: error-rate, enabled: false }
  - { id: events-latency-p95, account: acme, below_ms: 150 }
  - { id: checkout, kind: availability, routes: [POST /events], objective: 0.9, window: 90d }
`);
    expect(objectives).toHaveLength(DEFAULT_OBJECTIVES.length + 1);
    expect(objectives.find(({ id }) => id === 'events-availability')).toMatchObject({ objective: 0.9995 });
    expect(objectives.map(({ id }) => id)).not.toContain('error-rate');
    expect(warnings).toEqual([
      expect.stringMatching(/^line 7: objectives\[3\]\.objective is so low that the alert at 14\.4 ×/),
    ]);
  });

  it.each([
    [
      'all its faults, by their lines',
      'objectives:\n  - id: error-rate\n    window: 1y\n  - id: new\n    kind: latency\n',
      /line 3: objectives\[0\]\.window must be one of[^]*line 4: objectives\[1\]\.objective is missing/,
    ],
    ['what is no YAML', 'objectives: [', /line 1: /],
    ['an alias without an anchor', 'objectives: *none', /none/],
    ['an empty file', '', /line 1: The file must be an object/],
    [
      'an objective that nobody could be paged for',
      'objectives:\n  - { id: error-rate, objective: 0.5 }\n',
      /line 2: .*ever be paged/,
    ],
  ])('that is wrong is refused with %s', async (_what, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  it('that is not there is refused', async () => {
    await expect(readSlosFile(join(temporaryFolder(), 'none.yaml'))).rejects.toThrow(
      /SLOS_FILE \(.*none\.yaml\) cannot be used:\n {2}- The file cannot be read \(ENOENT\)/,
    );
  });
});
