import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CheckResult } from '../../src/monitors/model/monitor';
import { TargetServers } from './target-server';

const PROGRAM = join(__dirname, 'out-of-descriptors.mts');

const targets = new TargetServers();

afterAll(() => targets.close());

it('a check is unknown while this process has no descriptors left, and works as before once it has', async () => {
  const url = await targets.http((_request, response) => void response.end());
  const command = 'ulimit -n 100 && exec "$0" "$@"';
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command, process.execPath, PROGRAM, url]);
  const results = JSON.parse(stdout) as CheckResult[];
  expect(results).toMatchObject([
    { class: 'unknown', reason: 'local_limit', failed: [{ seen: 'EMFILE' }], http_status: null },
    { class: 'up', reason: null, http_status: 200 },
  ]);
  expect(targets.connections).toBe(1);
});
