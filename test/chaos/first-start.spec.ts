import { migrations } from '../../src/database/migrations';
import { queryPostgres } from '../harness/postgres-session';
import { describeWith } from '../harness/servers';
import { Installation, removeInstallations } from './installation';
import { removeOwnServers, startOwnServers, type OwnServers } from './own-servers';

const NAMES = ['one', 'two', 'three', 'four', 'five'];

let servers: OwnServers;

beforeAll(async () => {
  servers = await startOwnServers();
});
afterEach(removeInstallations);
afterAll(() => removeOwnServers(servers));

describeWith({ ownPostgres: true, ownRedis: true }, 'five processes that start at once', () => {
  it('on an empty database migrate it once, and all become ready', async () => {
    const installation = await Installation.make(servers);
    await Promise.all(NAMES.map((name) => installation.start('api,scheduler,worker,notifier', {}, name)));
    const applied = await queryPostgres<{ name: string }>(
      installation.databaseUrl,
      'SELECT name FROM migrations ORDER BY id',
    );
    expect(applied.map(({ name }) => name)).toEqual(migrations.postgres.map(({ name }) => name));
    const readiness = await Promise.all(NAMES.map((name) => installation.client(name).get('/readyz')));
    expect(readiness.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const leaders = readiness.map(({ body }) => {
      return (body as { details: { roles: { is_leader: boolean } } }).details.roles.is_leader;
    });
    expect(leaders.filter((isLeader) => isLeader)).toHaveLength(1);
    expect(Object.values(await installation.stop())).toEqual([0, 0, 0, 0, 0]);
  }, 60_000);
});
