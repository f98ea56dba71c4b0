import createClient, { type Middleware } from 'openapi-fetch';
import { Problem, problemOf } from './problem';
import type { paths } from './schema';

/** Where the present credential comes from; null where there is none, or none is needed. */
let tokenSource: () => Promise<string | null> = () => Promise.resolve(null);
let onRefused: () => void = () => undefined;

/** Tells that the service does not take the present credential any more. */
export function refused(): void {
  onRefused();
}

/** Says which credential requests carry from now on, and what is done when one is refused. */
export function authenticateWith(source: () => Promise<string | null>, whenRefused: () => void): void {
  tokenSource = source;
  onRefused = whenRefused;
}

/** The header of the present credential. */
export async function authorization(): Promise<Record<string, string>> {
  const token = await tokenSource();
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

const credential: Middleware = {
  async onRequest({ request }) {
    for (const [name, value] of Object.entries(await authorization())) request.headers.set(name, value);
    return request;
  },
  onResponse({ response }) {
    if (response.status === 401) refused();
    return response;
  },
  onError({ error }) {
    return new Problem(0, 'no_answer', error instanceof Error ? error.message : 'No answer.', null);
  },
};

/** The API, typed by its OpenAPI document. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });
api.use(credential);

/** What a call answered; throws a `Problem` where that is an error. */
export async function answered<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  throw problemOf(response.status, error, response.headers.get('x-request-id'));
}
