import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs Prometheus' tool for rules and configurations; rejects with what it says where something is wrong. */
export async function promtool(...parameters: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)('promtool', [...parameters]);
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new Error(`promtool ${parameters.slice(0, 2).join(' ')}: ${stdout}${stderr}`, { cause });
  }
}
