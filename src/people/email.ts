import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsEmail, MaxLength } from 'class-validator';

/** RFC 5321, section 4.5.3.1.3, less the angle brackets. */
export const LONGEST_EMAIL = 254;

/** One form of an e-mail address: people do not tell capitals apart there, and no provider of note does. */
export function normalEmail(email: string): string {
  return email.toWellFormed().normalize('NFC').toLowerCase();
}

/** The member is an e-mail address, and comes in its normal form. */
export function IsAnEmail(): PropertyDecorator {
  const message = 'email must be an e-mail address';
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normalEmail(value) : value)),
    IsEmail({}, { message }),
    MaxLength(LONGEST_EMAIL, { message }),
  );
}
