import type { RawAnswer } from './raw-http';

/** What every error answer of the service looks like, with the id that is in its header too. */
export function errorShape(status: number, requestId: string | null | undefined): Record<string, unknown> {
  return {
    statusCode: status,
    error: expect.stringMatching(/^[A-Z][A-Za-z' ]+$/) as unknown,
    message: expect.stringMatching(/\S/) as unknown,
    code: expect.stringMatching(/^[a-z0-9_]+$/) as unknown,
    requestId,
  };
}

/** Fails unless the answer is a refusal in the one shape of errors. */
export function expectRefusal(answer: RawAnswer): void {
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers['x-request-id']).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.body).toMatchObject(errorShape(answer.status, answer.headers['x-request-id']));
}
