import { readFileSync } from 'node:fs';

/**
 * Checks Kubernetes manifests against the schemas of the API. Reads a JSON array of manifests from stdin and writes a
 * JSON array with the faults of each. A program of its own, because kubernetes-models is published as ES modules alone.
 */

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

interface Model {
  validate(): void;
}

type ModelClass = new (manifest: Manifest) => Model;

/**
 * The faults of one manifest: what contradicts the schema, and fields that the schema does not have. The generated
 * validators pass over unknown fields, as the API server does unless it is told to be strict. They read every field
 * that they know, though, so a field that nobody has read is unknown.
 */
async function faultsOf(manifest: Manifest): Promise<string[]> {
  const { apiVersion, kind } = manifest;
  const models = (await import(`kubernetes-models/${apiVersion}`)) as Record<string, ModelClass | undefined>;
  const ModelOfKind = models[kind];
  if (ModelOfKind === undefined) return [`there is no ${kind} in ${apiVersion}`];
  const read = new Set<string>();
  const faults: string[] = [];
  try {
    watched(new ModelOfKind(manifest), '', read).validate();
  } catch (error) {
    faults.push((error as Error).message);
  }
  return [...faults, ...unknownFields(manifest, '', read)];
}

/** The same value, which notes in `read` the path of every field that is looked at. */
function watched<T extends object>(value: T, path: string, read: Set<string>): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      const field: unknown = Reflect.get(target, key, receiver);
      if (typeof key !== 'string') return field;
      const inner = `${path}/${key}`;
      read.add(inner);
      return typeof field === 'object' && field !== null ? watched(field, inner, read) : field;
    },
  });
}

/** A sentence for each field that is not in `read`; what stands below it is left out. */
function unknownFields(value: unknown, path: string, read: ReadonlySet<string>): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const inner = `${path}/${key}`;
    return read.has(inner) ? unknownFields(field, inner, read) : [`${inner} is unknown`];
  });
}

const manifests = JSON.parse(readFileSync(0, 'utf8')) as Manifest[];
process.stdout.write(JSON.stringify(await Promise.all(manifests.map(faultsOf))));
