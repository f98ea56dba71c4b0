import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';

const PATH = platform() === 'win32' ? String.raw`C:\Windows\System32\drivers\etc\hosts` : '/etc/hosts';

/** A change of the file is seen after so long. */
const FRESH_MS = 5_000;

/** The names in a hosts file (hosts(5)), in lower case. */
export function namesInHosts(text: string): ReadonlySet<string> {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  return new Set(lines.flatMap((line) => line.toLowerCase().split(/\s+/).slice(1)));
}

/** The names that this machine knows by itself. They go before what name servers say. */
export class HostsFile {
  private names: Promise<ReadonlySet<string>> | null = null;
  private readAt = 0;

  constructor(private readonly path: string = PATH) {}

  async has(hostname: string): Promise<boolean> {
    const now = performance.now();
    if (this.names === null || now - this.readAt > FRESH_MS) {
      this.readAt = now;
      this.names = readNames(this.path);
    }
    return (await this.names).has(hostname.toLowerCase());
  }
}

async function readNames(path: string): Promise<ReadonlySet<string>> {
  try {
    return namesInHosts(await readFile(path, 'utf8'));
  } catch {
    // Not every container has one, and a name that should be in it is looked for elsewhere.
    return new Set();
  }
}
