import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ApiError, ErrorBody } from '../api-error';
import type { DefinitionFault } from './definition-fields';

/** One thing that is wrong with a definition. */
export class DefinitionFaultView implements DefinitionFault {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null where the body is no object',
    example: 'expect.status',
  })
  field!: string | null;

  @ApiProperty({ example: 'must be a list of 1 to 20 statuses ("204") or ranges of them ("200-299")' })
  message!: string;
}

/** A refused definition, with up to 20 of its faults. */
export class RefusedDefinition extends ErrorBody {
  @ApiPropertyOptional({ type: [DefinitionFaultView] })
  faults?: DefinitionFaultView[];
}

/** The answer to a definition with faults; `message` says the first of them. */
export function refusedDefinition(code: string, faults: readonly DefinitionFault[]): ApiError {
  const [first, ...others] = faults.map(sentenceOf);
  const end = others.length === 0 ? '.' : '; see faults for the others.';
  return new ApiError(400, code, `${first}${end}`, { fields: { faults } });
}

/** A fault in words. */
export function sentenceOf({ field, message }: DefinitionFault): string {
  return `${field ?? 'The body'} ${message}`;
}
