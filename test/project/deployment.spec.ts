import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { definitions, ROLES } from '../../src/config/definitions';
import type { Setting } from '../../src/config/setting';
import { InvalidSettingsError, Settings } from '../../src/config/settings';
import {
  manifest,
  manifestsByFile,
  manifestsOf,
  podTemplate,
  selected,
  type Manifest,
  type Selector,
} from './deployment-files';

const settings: Readonly<Record<string, Setting<unknown> | undefined>> = definitions;
const config = manifest('ConfigMap', 'signalbox').data;
const placeholders = manifest('Secret', 'signalbox').stringData;
const roles = ROLES.map((role) => ({ role, name: `signalbox-${role}` }));
const names = roles.map(({ name }) => name);

/** Values that could stand in the Secret. */
const SECRETS = {
  DATABASE_URL: 'postgres://signalbox:hush@postgres.example:5432/signalbox',
  REDIS_URL: 'rediss://:hush@redis.example:6379',
  ADMIN_TOKEN: '0123456789abcdef',
  AUTH_SECRET: '0123456789abcdef0123456789abcdef',
  ENCRYPTION_KEY: Buffer.alloc(32, 'a key').toString('base64'),
  METRICS_TOKEN: 'fedcba9876543210',
  STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
  PAGERDUTY_ROUTING_KEY: '0123456789abcdef0123456789abcdef',
};

/** What PostgreSQL has to bear at full scale; `config-map.yaml` says so beside DATABASE_POOL_MAX. */
const MAX_CONNECTIONS = 200;

/** Kinds that are not in the Kubernetes API: looked at field by field. */
const FOREIGN_KINDS = ['Kustomization', 'ExternalSecret'];

const kubernetes = [...manifestsByFile.values()].flat().filter(({ kind }) => !FOREIGN_KINDS.includes(kind));

/** The faults of each manifest, by the schemas of the Kubernetes API. */
function faultsOf(manifests: readonly unknown[]): string[][] {
  const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'manifest-faults.mts')], {
    input: JSON.stringify(manifests),
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as string[][];
}

const namesOf = (kind: string): string[] => manifestsOf(kind).map(({ metadata }) => metadata.name);

describe('the manifests', () => {
  it('follow the schemas of the Kubernetes API, and have no field that those do not have', () => {
    expect(faultsOf(kubernetes).flat()).toEqual([]);
  });

  it('would be caught with a misspelt field, a wrong type, a missing field or an unknown kind', () => {
    const api = manifest('Deployment', 'signalbox-api');
    const { spec } = podTemplate(api);
    const containers = [{ ...spec.containers[0], livenesProbe: {} }];
    const wrong = [
      { ...api, spec: { ...api.spec, replcas: 2 } },
      { ...api, spec: { ...api.spec, template: { spec: { ...spec, containers } } } },
      { ...api, spec: { ...api.spec, minReadySeconds: '5' } },
      { ...api, spec: { ...api.spec, selector: undefined } },
      { ...api, kind: 'Deploiment' },
    ];
    expect(faultsOf(wrong)).toEqual([
      ['/spec/replcas is unknown'],
      ['/spec/template/spec/containers/0/livenesProbe is unknown'],
      ['data/spec/minReadySeconds must be integer'],
      ['data/spec must have required property selector'],
      ['there is no Deploiment in apps/v1'],
    ]);
  });

  it('stand in one namespace, which they bring along', () => {
    const others = kubernetes.filter(({ kind }) => kind !== 'Namespace');
    expect(new Set(others.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['signalbox']));
    expect(namesOf('Namespace')).toEqual(['signalbox']);
  });

  it('are applied by the kustomization, but for the examples', () => {
    const [kustomization] = manifestsByFile.get('kustomization.yaml') ?? [];
    const { resources, ...rest } = kustomization as unknown as { resources: string[] };
    const applied = [...manifestsByFile.keys()].filter((file) => !file.endsWith('.example.yaml'));
    expect([...resources, 'kustomization.yaml'].sort()).toEqual(applied.sort());
    expect(rest).toEqual({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      images: [{ name: 'signalbox', newName: 'registry.example.com/signalbox', newTag: '0.1.0' }],
    });
  });
});

describe('a Deployment', () => {
  it('is there for every role', () => {
    expect(namesOf('Deployment').sort()).toEqual([...names].sort());
  });

  it.each(roles)('of role $role starts a new pod before it stops an old one', ({ name }) => {
    expect(manifest('Deployment', name).spec['strategy']).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    });
  });

  it.each(roles)('of role $role asks /healthz for liveness and /readyz for readiness', ({ name }) => {
    const { containers } = podTemplate(manifest('Deployment', name)).spec;
    expect(containers).toHaveLength(1);
    expect(containers[0]).toMatchObject({
      ports: [{ name: 'http', containerPort: Number(config['PORT']) }],
      startupProbe: { httpGet: { path: '/healthz', port: 'http' } },
      livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
    });
  });

  it.each(roles)('of role $role gives a stop more time than the drain and the grace take', ({ name }) => {
    const { terminationGracePeriodSeconds } = podTemplate(manifest('Deployment', name)).spec;
    const neededMs = Number(config['SHUTDOWN_DRAIN_MS']) + Number(config['SHUTDOWN_GRACE_MS']);
    expect(config['SHUTDOWN_DRAIN_MS']).toBe('5000');
    expect(terminationGracePeriodSeconds * 1_000).toBeGreaterThan(neededMs);
  });

  it.each(roles)('of role $role runs without root, writable files, capabilities and a token', ({ name }) => {
    const { spec } = podTemplate(manifest('Deployment', name));
    expect(spec).toMatchObject({
      serviceAccountName: manifest('ServiceAccount', 'signalbox').metadata.name,
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(spec.containers[0]?.['securityContext']).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('differs from that of another role only in its role and in what it asks for', () => {
    const alike = roles.map(({ role, name }) => {
      const { selector, template } = manifest('Deployment', name).spec;
      const text = JSON.stringify({ selector, template }, (key, value: unknown) =>
        key === 'resources' ? undefined : value,
      );
      return text.replaceAll(`"app.kubernetes.io/component":"${role}"`, '').replace(`"value":"${role}"`, '');
    });
    expect(new Set(alike).size).toBe(1);
  });

  it.each(roles)('of role $role chooses the pods that it makes, and no others', ({ name }) => {
    expect(selected(manifest('Deployment', name).spec['selector'] as Selector)).toEqual([name]);
  });
});

describe('the settings of the pods', () => {
  it('are settings that the service has, the secret ones in the Secret', () => {
    const isSecret = (name: string): boolean | undefined => settings[name]?.isSecret;
    expect(Object.keys(config).filter((name) => isSecret(name) !== false)).toEqual([]);
    expect(Object.keys(placeholders).filter((name) => isSecret(name) !== true)).toEqual([]);
  });

  it('have the same secrets in both examples', () => {
    const { spec } = manifest('ExternalSecret', 'signalbox');
    const data = spec['data'] as { secretKey: string; remoteRef: { key: string; property: string } }[];
    expect(data.map(({ secretKey }) => secretKey)).toEqual(Object.keys(placeholders));
    expect(data.every(({ secretKey, remoteRef }) => remoteRef.property === secretKey)).toBe(true);
    expect(manifest('ExternalSecret', 'signalbox').apiVersion).toBe('external-secrets.io/v1');
    expect(spec['target']).toMatchObject({ name: 'signalbox', creationPolicy: 'Owner' });
  });

  it.each(Object.entries(placeholders))('cannot have the placeholder of %s', (name, placeholder) => {
    expect(placeholder).toMatch(/^REPLACE/);
    expect(() => settings[name]?.parse(placeholder)).toThrow();
  });

  it.each(roles)('let a process start in role $role alone, once the secrets are real', ({ role, name }) => {
    const [container] = podTemplate(manifest('Deployment', name)).spec.containers;
    expect(container?.['envFrom']).toEqual([
      { configMapRef: { name: 'signalbox' } },
      { secretRef: { name: 'signalbox' } },
    ]);
    expect(container?.env).toEqual([{ name: 'ROLES', value: role }]);
    expect(Object.keys(SECRETS)).toEqual(Object.keys(placeholders));
    const loaded = Settings.load({ ...config, ...SECRETS, ROLES: role });
    expect(loaded).toMatchObject({ isScaled: true, isProduction: true, ROLES: [role], ingestMode: 'queued' });
  });

  it('let no process start with the placeholders', () => {
    expect(() => Settings.load({ ...config, ...placeholders })).toThrow(InvalidSettingsError);
  });

  it('ask PostgreSQL for less than it has to bear at full scale, in the middle of an update', () => {
    const pods = names.map((name) => {
      const autoscaler = manifestsOf('HorizontalPodAutoscaler').find(
        ({ metadata }) => metadata.name === name,
      );
      return Number(autoscaler?.spec['maxReplicas'] ?? manifest('Deployment', name).spec['replicas']) + 1;
    });
    const processes = pods.reduce((sum, count) => sum + count, 0);
    expect(processes * Number(config['DATABASE_POOL_MAX'])).toBeLessThan(MAX_CONNECTIONS);
  });
});

/** What an autoscaler scales, and by which numbers. */
function scaling({ metadata, spec }: Manifest): unknown {
  const { scaleTargetRef, metrics } = spec;
  return { name: metadata.name, scaleTargetRef, metrics };
}

function waiting(queue: string, averageValue: string): unknown {
  const metric = { name: 'bullmq_queue_waiting', selector: { matchLabels: { queue } } };
  return { type: 'External', external: { metric, target: { type: 'AverageValue', averageValue } } };
}

const deploymentRef = (name: string): unknown => ({ apiVersion: 'apps/v1', kind: 'Deployment', name });

describe('an autoscaler', () => {
  it('holds the api at 70 % of a core, the worker at 100 waiting jobs and the notifier at 50', () => {
    const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } };
    expect(manifestsOf('HorizontalPodAutoscaler').map(scaling)).toEqual([
      {
        name: 'signalbox-api',
        scaleTargetRef: deploymentRef('signalbox-api'),
        metrics: [{ type: 'Resource', resource: cpu }],
      },
      {
        name: 'signalbox-notifier',
        scaleTargetRef: deploymentRef('signalbox-notifier'),
        metrics: [waiting('deliveries', '50')],
      },
      {
        name: 'signalbox-worker',
        scaleTargetRef: deploymentRef('signalbox-worker'),
        metrics: [waiting('events', '100')],
      },
    ]);
    const [api] = podTemplate(manifest('Deployment', 'signalbox-api')).spec.containers;
    expect(api?.resources.requests['cpu']).toBe('1');
  });

  it('owns the number of pods, of which there are never fewer than two', () => {
    const replicas = Object.fromEntries(
      names.map((name) => [name, manifest('Deployment', name).spec['replicas']]),
    );
    expect(replicas).toEqual({ 'signalbox-scheduler': 2 });
    for (const { spec } of manifestsOf('HorizontalPodAutoscaler')) expect(spec['minReplicas']).toBe(2);
  });
});

describe('a PodDisruptionBudget', () => {
  it.each(roles)('lets one pod of role $role go at a time', ({ name }) => {
    const { maxUnavailable, selector } = manifest('PodDisruptionBudget', name).spec;
    expect(maxUnavailable).toBe(1);
    expect(selected(selector as Selector)).toEqual([name]);
  });
});

describe('the network', () => {
  const rules = manifestsOf('NetworkPolicy').map(({ metadata, spec }) => ({
    name: metadata.name,
    chosen: selected(spec['podSelector'] as Selector),
    types: spec['policyTypes'],
    ports: [spec['ingress'], spec['egress']]
      .flatMap((list) => (list ?? []) as { ports: { port: number | string }[] }[])
      .flatMap(({ ports }) => ports.map(({ port }) => port)),
  }));

  it('lets through what is named, and nothing else', () => {
    const all = namesOf('Deployment');
    expect(rules).toEqual([
      { name: 'default-deny', chosen: all, types: ['Ingress', 'Egress'], ports: [] },
      { name: 'dns', chosen: all, types: ['Egress'], ports: [53, 53] },
      { name: 'stores', chosen: all, types: ['Egress'], ports: [5432, 6379] },
      { name: 'vendors', chosen: all, types: ['Egress'], ports: [443] },
      { name: 'api-requests', chosen: ['signalbox-api'], types: ['Ingress'], ports: ['http'] },
      { name: 'metrics', chosen: all, types: ['Ingress'], ports: ['http'] },
    ]);
    expect(manifest('NetworkPolicy', 'default-deny').spec['podSelector']).toEqual({});
  });

  it('leads from the Ingress over the Service to the pods of the api', () => {
    const service = manifest('Service', 'signalbox-api').spec;
    expect(selected({ matchLabels: service['selector'] as Record<string, string> })).toEqual([
      'signalbox-api',
    ]);
    expect(service['ports']).toEqual([{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }]);
    const path = { path: '/', pathType: 'Prefix' };
    expect(manifest('Ingress', 'signalbox').spec['rules']).toMatchObject([
      {
        http: {
          paths: [{ ...path, backend: { service: { name: 'signalbox-api', port: { name: 'http' } } } }],
        },
      },
    ]);
  });
});
