export const SCOPES = ['ingest', 'read', 'admin'] as const;
/**
 * What a key may do: post events of its account, read what is its account's, or administer the whole service as
 * ADMIN_TOKEN does, which includes the others.
 */
export type Scope = (typeof SCOPES)[number];

/**
 * What somebody may do in one account: besides what keys may, `operate` (replay, check now) and `manage` (keys, people,
 * settings of the account).
 */
export type Grant = Scope | 'operate' | 'manage';
