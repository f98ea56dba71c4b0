import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** What must not outlive this process. */
export interface Guarded {
  /** A process of ours, and the signal that ends it at once. */
  readonly process?: { readonly pid: number; readonly signal: NodeJS.Signals };
  readonly folder: string;
}

/** Waits for its input to end, then ends the process and removes the folder. */
const SCRIPT = `
cat > /dev/null
if [ "$2" != 0 ]; then
  kill -s "$1" "$2"
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do kill -0 "$2" || break; sleep 0.1; done
  kill -s KILL "$2"
fi
rm -rf "$3"`;

/**
 * Has a shell of its own wait for the end of this process, however it comes, and clean up then. Jest gives tests no
 * 'exit' event, and kill -9 would not send one. Gives the function that calls it off.
 */
export function guard({ process: guarded, folder }: Guarded): () => void {
  const signal = guarded?.signal.replace(/^SIG/, '') ?? '';
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'guard', signal, String(guarded?.pid ?? 0), folder], {
    detached: true,
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  (shell.stdin as Socket).unref();
  return () => void shell.kill('SIGKILL');
}
