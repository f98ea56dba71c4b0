import { ApiResponse } from '@nestjs/swagger';
import { ErrorBody, errorBody } from './api-error';

/** What may go wrong with one status: what is said, by code. */
export type Failures = Readonly<Record<string, string>>;

/** The id of the documentation's examples. */
const REQUEST_ID = '0199b1c2-6c1f-7a52-9d0e-0c7f6f3f0a11';

/** Documents the failures of a status, with an example answer of each. */
export function ApiFailure(status: number, failures: Failures): MethodDecorator & ClassDecorator {
  return ApiResponse({
    status,
    type: ErrorBody,
    description: descriptionOf(failures),
    examples: examplesOf(status, failures),
  });
}

/** The codes that a status may carry. */
export function descriptionOf(failures: Failures): string {
  return Object.keys(failures)
    .map((code) => `\`${code}\``)
    .join(', ');
}

/** An example answer for each code. */
export function examplesOf(
  status: number,
  failures: Failures,
): Record<string, { summary: string; value: ErrorBody }> {
  return Object.fromEntries(
    Object.entries(failures).map(([code, message]) => [
      code,
      { summary: message, value: errorBody(status, { message, code }, REQUEST_ID) },
    ]),
  );
}
