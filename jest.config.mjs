/** What all tests are run with. */
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  transform: {
    '^.+\\.(t|j)s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // Packages that are published as ES modules only, and one that loads Node's own modules by import().
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs|@opentelemetry/otlp-exporter-base|content-disposition|jose|openid-client|oauth4webapi)/)',
  ],
};

/** What every signal goes through, whichever database it ends in. */
const pipeline = [
  'accounts',
  'delivery',
  'destinations',
  'events',
  'ingest',
  'monitors',
  'people',
  'promises',
  'public-pages',
  'recording',
  'routing',
  'services',
  'slos',
  'statuspage',
];

/** What others send and answer, who is let in, and what files say: settled before anything is stored. */
const conversations = [
  '/test/accounts/(access|foreign-ids|stripe|walk)',
  '/test/delivery/(from-mock-to-real|matrix|pagerduty|refusals)',
  '/test/destinations/(conformance|email|webhook)',
  '/test/monitors/(check-|file-signals|header-values)',
  '/test/people/(login|oidc)',
  '/test/statuspage/page-client',
];

export default {
  globalSetup: '<rootDir>/test/harness/global-setup.ts',
  globalTeardown: '<rootDir>/test/harness/global-teardown.ts',
  // More than the processors of a small machine: most tests wait for other processes for much of their time.
  maxWorkers: 4,
  // Ends a test that hangs. Longer than any wait of a test on a busy machine.
  testTimeout: 90_000,
  collectCoverageFrom: ['src/**/*.ts', '!src/cli/**', '!src/**/*.spec.ts'],
  coverageProvider: 'v8',
  projects: [
    {
      ...common,
      displayName: 'embedded',
      globals: { PROFILE: 'embedded' },
      testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
    },
    {
      ...common,
      displayName: 'scaled',
      globals: { PROFILE: 'scaled' },
      setupFilesAfterEnv: ['<rootDir>/test/harness/scaled-suites.ts'],
      testMatch: pipeline.map((folder) => `<rootDir>/test/${folder}/**/*.spec.ts`),
      testPathIgnorePatterns: ['/node_modules/', ...conversations],
    },
  ],
};
