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
};
const everything: TestRun = {
  ...nothing,
  postgresUrl: 'postgres://127.0.0.1:5432/postgres',
  postgresBinaries: { folder: '/usr/bin', user: null },
  redisUrl: 'redis://127.0.0.1:6379',
  hasRedisServer: true,
  hasPromtool: true,
};

describe('a suite that needs servers', () => {
  it('misses what the run does not have of them', () => {
    const all = { postgres: true, redis: true, ownPostgres: true, ownRedis: true, promtool: true } as const;
    const words = ['PostgreSQL', 'Redis', 'a PostgreSQL of its own', 'a Redis of its own', 'promtool'];
    expect(missingServers(all, nothing)).toEqual(words);
    expect(missingServers(all, everything)).toEqual([]);
    expect(missingServers({ redis: true }, { ...everything, redisUrl: null })).toEqual(['Redis']);
    expect(missingServers({ redis: true }, { ...nothing, redisUrl: 'redis://127.0.0.1:6379' })).toEqual([]);
  });
});
