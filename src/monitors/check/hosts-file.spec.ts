import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/harness/temporary-folder';
import { HostsFile, namesInHosts } from './hosts-file';

describe('namesInHosts', () => {
  it('knows every name of every line, and no comment', () => {
    const text =
      '127.0.0.1\tlocalhost Local.Example # comment.example\n#10.0.0.1 off.example\r\n::1  six.example\r\n';
    expect([...namesInHosts(text)]).toEqual(['localhost', 'local.example', 'six.example']);
  });

  it('knows none of an empty file', () => {
    expect([...namesInHosts('\n  \n')]).toEqual([]);
  });
});

describe('HostsFile', () => {
  it('knows the names of its file, in any case', async () => {
    const path = join(temporaryFolder(), 'hosts');
    writeFileSync(path, '10.0.0.1 Db.internal\n');
    const hosts = new HostsFile(path);
    expect([
      await hosts.has('db.INTERNAL'),
      await hosts.has('internal'),
      await hosts.has('10.0.0.1'),
    ]).toEqual([true, false, false]);
  });

  it('knows none where there is no file', async () => {
    expect(await new HostsFile(join(temporaryFolder(), 'none')).has('localhost')).toBe(false);
  });
});
