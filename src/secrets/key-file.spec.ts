import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFilePath, keyInFile, makeKeyFile, UnusableKeyFileError } from './key-file';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-key-'));
  path = keyFilePath({ sqlitePath: join(folder, 'signalbox.db') });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the key beside the database', () => {
  it('is none until it is made, and then always the same, for its owner alone', () => {
    expect(keyInFile(path)).toBeNull();
    const key = makeKeyFile(path);
    expect(key).toHaveLength(32);
    expect(keyInFile(path)).toEqual(key);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    expect(keyInFile(path)).toEqual(key);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is none where a start was stopped before it was written, and can be made then', () => {
    writeFileSync(path, '');
    expect(keyInFile(path)).toBeNull();
    expect(readFileSync(path, 'utf8')).toBe('');
    expect(keyInFile(path) ?? makeKeyFile(path)).toHaveLength(32);
  });

  it('is refused where it is spoilt, and left as it is', () => {
    writeFileSync(path, 'spoilt');
    expect(() => keyInFile(path)).toThrow(UnusableKeyFileError);
    expect(readFileSync(path, 'utf8')).toBe('spoilt');
  });
});
