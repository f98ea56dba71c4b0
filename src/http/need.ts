/** What a request needs to be let in, and how the API's documentation says it. */
export const NEEDS = {
  none: 'Needs no credential.',
  ingest: 'Needs a key with scope `ingest` or the role `operator`, for its own account.',
  read: 'Needs a key with scope `read` or the role `viewer`, which show only their own account.',
  operate: 'Needs the role `operator`, for its own account, or a credential with scope `admin`.',
  manage: 'Needs the role `admin`, for its own account, or a credential with scope `admin`.',
  person: 'Needs a person who is logged in, or a credential with scope `admin`.',
  admin: 'Needs `ADMIN_TOKEN`, a key with scope `admin`, or an operator of the whole service.',
  docs: 'Needs a key with scope `read`, the role `viewer`, or `METRICS_TOKEN`.',
  metrics: 'Needs `METRICS_TOKEN`, or a credential with scope `admin`.',
  service: 'Needs the token that the service makes for itself, or a credential with scope `admin`.',
} as const;

export type Need = keyof typeof NEEDS;

/** Where an operation of the OpenAPI document names what it needs. */
export const NEED_EXTENSION = 'x-scope';

/** What a route needs that does not say. */
export const UNDECLARED: Need = 'admin';
