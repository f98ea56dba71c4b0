import {
  Injectable,
  ValidationPipe,
  type ArgumentMetadata,
  type Type,
  type ValidationError,
} from '@nestjs/common';
import { ApiError } from './api-error';

/**
 * Most values that a body may hold, at all levels together. class-transformer walks through all of them, and
 * compares each member of an object with every other (`getKeys` in its TransformOperationExecutor): a megabyte of
 * members would hold up the whole process for ten seconds and more.
 */
const MAX_VALUES = 10_000;

const OPTIONS = { transform: true, whitelist: true, exceptionFactory: toApiError } as const;

/** Checks queries and bodies against the classes that handlers declare for them. */
@Injectable()
export class RequestPipe extends ValidationPipe {
  /** A misspelt member of a body must not pass for one that was left out: that could replay far too much. */
  private readonly forBodies = new ValidationPipe({ ...OPTIONS, forbidNonWhitelisted: true });

  constructor() {
    super(OPTIONS);
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (this.toValidate(metadata) && countValues(value) > MAX_VALUES) {
      throw new ApiError(400, 'too_many_values', `The body holds more than ${MAX_VALUES} values.`);
    }
    if (metadata.type === 'body' && value !== undefined && value !== null) {
      return this.forBodies.transform(value, metadata);
    }
    return super.transform(value, metadata);
  }

  /** A body may be missing; `null` is one that was sent, and no object. */
  protected override toEmptyIfNil<T, R>(value: T, metatype: Type<unknown> | object): R | object | string {
    if (value === null) throw new ApiError(400, 'invalid_request', 'The body must be a JSON object.');
    return super.toEmptyIfNil(value, metatype);
  }
}

/** The parser has bounded the nesting, and so this recursion. */
function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((count, member) => count + countValues(member), 1);
}

function toApiError(errors: ValidationError[]): ApiError {
  const messages = new Set(errors.flatMap(messagesOf));
  return new ApiError(400, 'invalid_request', [...messages].join('; ') || 'The request is not valid.');
}

/** Of a member, and of the members within it. */
function messagesOf({ constraints, children }: ValidationError): string[] {
  return [...Object.values(constraints ?? {}), ...(children ?? []).flatMap(messagesOf)];
}
