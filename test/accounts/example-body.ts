import type { Operation } from '../api/api-document';

/** A body that an operation takes, about an account: the first example of the document; undefined where it takes none. */
export function exampleBody({ requestBody }: Operation, account: string): unknown {
  const media = requestBody?.content['application/json'];
  const body = media?.example ?? Object.values(media?.examples ?? {})[0]?.value;
  if (body === undefined) return undefined;
  const text = JSON.stringify(body).replaceAll(/"account_id":"[^"]*"/g, `"account_id":"${account}"`);
  return JSON.parse(text) as unknown;
}
