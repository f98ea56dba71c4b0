import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Environment } from '../config/settings';
import { isObject } from '../normalization/json-document';

/** `${NAME}`, as shells write it, and nothing else of what shells can. */
const NAME = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** A whole text that is the content of a file. */
const FILE = /^file:(?:\/\/(?=\/))?(.+)$/s;

/** Something that cannot be filled in. It names what was referred to, and never a value. */
export interface ReferenceFault {
  /** The path of the text within the value, such as `settings.secret`. */
  readonly field: string;
  readonly message: string;
}

/** A value whose references were replaced, and those that lead nowhere. */
export interface FilledIn<T> {
  readonly value: T;
  readonly faults: readonly ReferenceFault[];
}

/** What references are looked up in. */
export interface ReferenceContext {
  readonly environment: Environment;
  /** Folder that paths of `file:` begin at; without it there are none. */
  readonly folder?: string;
}

/**
 * Fills in, in all texts of a value, the environment variables that they name, as in `Bearer ${API_TOKEN}`, and the
 * files that they are, as in `file:/run/secrets/hook`: so a secret need not stand where everybody reads it.
 */
export function fillIn<T>(value: T, context: ReferenceContext, field: string): FilledIn<T> {
  const faults: ReferenceFault[] = [];
  const filled = fillValue(value, field, (text, at) => {
    try {
      return contentOf(text, context) ?? withVariables(text, context.environment);
    } catch (error) {
      faults.push({ field: at, message: (error as Error).message });
      return text;
    }
  });
  return { value: filled as T, faults };
}

function fillValue(value: unknown, field: string, fill: (text: string, field: string) => string): unknown {
  if (typeof value === 'string') return fill(value, field);
  if (Array.isArray(value)) return value.map((element) => fillValue(element, field, fill));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(
    ([name, member]) => [name, fillValue(member, `${field}.${name}`, fill)] as const,
  );
  return Object.fromEntries(members);
}

function withVariables(text: string, environment: Environment): string {
  return text.replaceAll(NAME, (_, variable: string) => {
    const found = environment[variable];
    if (found === undefined || found === '')
      throw new Error(`names ${variable}, which the environment lacks`);
    return found;
  });
}

/** Null where a text is no file's. Space around the content is no part of it. */
function contentOf(text: string, { folder }: ReferenceContext): string | null {
  const path = folder === undefined ? undefined : FILE.exec(text)?.[1];
  if (folder === undefined || path === undefined) return null;
  try {
    return readFileSync(resolve(folder, path), 'utf8').trim();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(`names the file ${path}, which cannot be read (${code ?? 'unknown error'})`, { cause });
  }
}
