import type { ServiceClient } from '../harness/service-client';
import { ACCOUNTS } from './tenants';

/** Makes the tenants' accounts, each with a key to post its events; answers the keys by account. */
export async function makeKeys(client: ServiceClient, adminToken: string): Promise<Map<string, string>> {
  const headers = { authorization: `Bearer ${adminToken}` };
  const keys = new Map<string, string>();
  for (const id of ACCOUNTS) {
    const account = await client.post('/accounts', { id, name: id }, headers);
    expect(account.status).toBe(201);
    const made = await client.post(`/accounts/${id}/keys`, { scopes: ['ingest'] }, headers);
    expect(made.status).toBe(201);
    keys.set(id, made.body['key'] as string);
  }
  return keys;
}
