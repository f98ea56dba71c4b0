import { ValidateIf } from 'class-validator';

/** The member may be missing. Unlike `IsOptional`, it may not be null: a null is a value, and mostly a mistake. */
export function IsOmittable(): PropertyDecorator {
  return ValidateIf((_object, value: unknown) => value !== undefined);
}
