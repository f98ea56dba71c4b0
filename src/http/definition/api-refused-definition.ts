import { ApiResponse } from '@nestjs/swagger';
import { descriptionOf, examplesOf } from '../api-failure';
import type { DefinitionFault } from './definition-fields';
import { RefusedDefinition, sentenceOf } from './refused-definition';

const FAULT: DefinitionFault = { field: 'interval_s', message: 'must be a whole number from 1 to 86400' };

/** Describes the refusal of a definition, with `fault` as its example. */
export function ApiRefusedDefinition(code: string, fault = FAULT): MethodDecorator {
  const message = `${sentenceOf(fault)}.`;
  const { [code]: refused, ...others } = examplesOf(400, {
    [code]: message,
    invalid_request: 'account_id is not an account id',
  });
  return ApiResponse({
    status: 400,
    type: RefusedDefinition,
    description: descriptionOf({ [code]: message, invalid_request: '' }),
    examples: { [code]: { ...refused!, value: { ...refused!.value, faults: [fault] } }, ...others },
  });
}
