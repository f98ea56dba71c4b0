import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../bench';

/**
 * Loaded before the service, by `--require`: takes out what counts and measures on the way of a post, so that the service
 * can be compared with itself. There is no setting for that: nobody should run without.
 */
const load = createRequire(join(PACKAGE_ROOT, 'dist', 'main.js'));

function replace(path: string, name: string, methods: Readonly<Record<string, unknown>>): void {
  const { [name]: made } = load(path) as Readonly<Record<string, { readonly prototype: object }>>;
  if (made === undefined) throw new Error(`${path} has no ${name}`);
  for (const method of Object.keys(methods)) {
    if (!(method in made.prototype)) throw new Error(`${name} has no ${method}`);
  }
  Object.assign(made.prototype, methods);
}

replace('./http/http-metrics.js', 'HttpMetrics', { note: () => undefined });
replace('./recording/recording-metrics.js', 'RecordingMetrics', {
  watch: (_events: number, store: () => unknown) => store(),
  commit: (write: () => unknown) => write(),
});
