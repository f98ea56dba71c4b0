import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';

/** Body of `POST /ai/summarize`. */
export class SummarizeRequest {
  @ApiProperty({
    minLength: 1,
    maxLength: 20_000,
    description: 'What to sum up: 1 to 20,000 characters, not blank.',
    example: 'Multiple payment failures detected across APAC region...',
  })
  @IsString()
  @Length(1, 20_000)
  @Matches(/\S/, { message: 'text must not be blank' })
  readonly text!: string;
}
