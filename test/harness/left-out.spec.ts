import { missingServers } from './left-out';
import type { TestRun } from './test-run';

const nothing: TestRun = {
  name: 'run',
  folder: '/nowhere',
  postgresUrl: null,
  postgresBinaries: null,
  redisUrl: null,
  hasRedisServer: false,
  hasPromtool: false,
  chromiumPath: null,
};
const everything: TestRun = {
  ...nothing,
  postgresUrl: 'postgres://127.0.0.1:5432/postgres',
  postgresBinaries: { folder: '/usr/bin', user: null },
  redisUrl: 'redis://127.0.0.1:6379',
  hasRedisServer: true,
  hasPromtool: true,
  chromiumPath: '/usr/bin/chromium',
};

describe('a suite that needs servers', () => {
  it('misses what the run does not have of them', () => {
    const servers = { postgres: true, redis: true, ownPostgres: true, ownRedis: true } as const;
    const all = { ...servers, promtool: true, chromium: true } as const;
    const own = ['a PostgreSQL of its own', 'a Redis of its own'];
    const words = ['PostgreSQL', 'Redis', ...own, 'promtool', 'Chromium'];
    expect(missingServers(all, nothing)).toEqual(words);
    expect(missingServers(all, everything)).toEqual([]);
    expect(missingServers({ redis: true }, { ...everything, redisUrl: null })).toEqual(['Redis']);
    expect(missingServers({ redis: true }, { ...nothing, redisUrl: 'redis://127.0.0.1:6379' })).toEqual([]);
  });
});
