import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/** The project's folder. */
export const ROOT = join(__dirname, '..', '..');
const KUBERNETES = join(ROOT, 'deploy', 'kubernetes');

type Labels = Readonly<Record<string, string>>;

/** Chooses pods by their labels. */
export interface Selector {
  readonly matchLabels?: Labels;
}

/** A Kubernetes manifest, as far as tests look into it by name. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Record<string, unknown>;
  readonly data: Record<string, string>;
  readonly stringData: Record<string, string>;
}

/** The part of a Deployment that its pods are made of. */
export interface PodTemplate {
  readonly metadata: { readonly labels: Labels };
  readonly spec: Record<string, unknown> & {
    readonly terminationGracePeriodSeconds: number;
    readonly containers: readonly Container[];
  };
}

interface Container extends Record<string, unknown> {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: { readonly requests: Record<string, string> };
}

/** Every manifest, by the name of its file; some files hold several. */
export const manifestsByFile: ReadonlyMap<string, readonly Manifest[]> = new Map(
  readdirSync(KUBERNETES)
    .sort()
    .map((file) => {
      const documents = parseAllDocuments(readFileSync(join(KUBERNETES, file), 'utf8'));
      return [file, documents.map((document) => document.toJS() as Manifest)];
    }),
);

const manifests = [...manifestsByFile.values()].flat();

/** All manifests of a kind. */
export function manifestsOf(kind: string): readonly Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}

/** The one manifest of a kind with a name. */
export function manifest(kind: string, name: string): Manifest {
  const [found, ...others] = manifestsOf(kind).filter(({ metadata }) => metadata.name === name);
  if (found === undefined || others.length > 0) throw new Error(`not exactly one ${kind} is called ${name}`);
  return found;
}

/** What a Deployment's pods are made of. */
export function podTemplate(deployment: Manifest): PodTemplate {
  return deployment.spec['template'] as PodTemplate;
}

/** Names of the Deployments whose pods a selector chooses. */
export function selected({ matchLabels = {} }: Selector): string[] {
  return manifestsOf('Deployment')
    .filter((deployment) => {
      const { labels } = podTemplate(deployment).metadata;
      return Object.entries(matchLabels).every(([label, value]) => labels[label] === value);
    })
    .map(({ metadata }) => metadata.name);
}

/** A service of docker-compose.yml, as far as tests look into it by name. */
export interface ComposeService extends Record<string, unknown> {
  readonly profiles?: readonly string[];
  readonly image?: string;
  readonly build?: string;
  readonly environment: Record<string, string>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stop_grace_period: string;
  readonly healthcheck: { readonly test: readonly string[] };
}

/** docker-compose.yml as text. */
export const composeText = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');

/** docker-compose.yml, its anchors and merges resolved, its variables not. */
export const compose = parse(composeText, { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
