import { isObject } from '../../normalization/json-document';
import { cutTo, storable } from '../../normalization/plain-text';

/** What is wrong with a definition. */
export interface DefinitionFault {
  /** Where, as in `expect.status`; null where the whole is no object. */
  readonly field: string | null;
  /** Behind the field's name it makes a sentence. */
  readonly message: string;
}

/** What a field must be. */
export interface Rule<T> {
  /** The value as it is kept; undefined where it is not what is asked for. */
  readonly read: (value: unknown) => T | undefined;
  /** Says what is asked for. */
  readonly message: string;
}

/** So many faults are told at once. */
export const MAX_FAULTS = 20;

/** A fault repeats so much of a name that its writer chose. */
const MAX_SHOWN_NAME = 64;

/**
 * The fields of an object that somebody wrote, and what is wrong with them. Whoever reads takes every known field;
 * the others are faults: nobody would be paged for a `severty`. What stands for a faulty value is undefined, whatever
 * its type says: whoever reads drops all of it when there are faults.
 */
export class DefinitionFields {
  private readonly known = new Set<string>();

  constructor(
    private readonly input: Readonly<Record<string, unknown>>,
    readonly faults: DefinitionFault[] = [],
    private readonly path = '',
  ) {}

  /** A field that must be there. */
  need<T>(name: string, rule: Rule<T>): T {
    if (this.has(name)) return this.take(name, rule, undefined as T);
    this.known.add(name);
    return this.refuse(name, 'is missing') as T;
  }

  /** A field that may be left out. */
  take<T>(name: string, rule: Rule<T>, fallback: T): T {
    this.known.add(name);
    if (!this.has(name)) return fallback;
    const value = rule.read(this.input[name]);
    return value === undefined ? (this.refuse(name, rule.message) as T) : value;
  }

  /** The fields of an object that is a field; it has none where it is left out. */
  within(name: string): DefinitionFields {
    this.known.add(name);
    const value = this.has(name) ? this.input[name] : {};
    if (!isObject(value)) this.refuse(name, 'must be an object');
    return new DefinitionFields(isObject(value) ? value : {}, this.faults, `${this.path}${name}.`);
  }

  /** The same of each element of a list that must be there and hold at most so many. */
  eachOf(name: string, maxElements: number): readonly DefinitionFields[] {
    const list = this.need(name, {
      read: (value) =>
        Array.isArray(value) && value.length <= maxElements ? (value as unknown[]) : undefined,
      message: `must be a list of at most ${maxElements}`,
    });
    return (list ?? []).map((element, index) => {
      const path = `${name}[${index}]`;
      if (!isObject(element)) this.refuse(path, 'must be an object');
      return new DefinitionFields(isObject(element) ? element : {}, this.faults, `${this.path}${path}.`);
    });
  }

  /** All fields, where their writer chose the names; the rule judges the name too. */
  takeAll<T>(ruleOf: (name: string) => Rule<T>): Readonly<Record<string, T>> {
    // Not by assignment, to which `__proto__` would be no field.
    return Object.fromEntries(this.names().map((name) => [name, this.need(name, ruleOf(name))]));
  }

  names(): string[] {
    return Object.keys(this.input).filter((name) => this.has(name));
  }

  /** Whether there is such a field. */
  has(name: string): boolean {
    return Object.hasOwn(this.input, name) && this.input[name] !== undefined;
  }

  refuse(name: string, message: string): undefined {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ field: this.path + shown(name), message });
  }

  /** To be called once every known field was taken. `whole` says what they are fields of. */
  refuseOthers(whole: string): void {
    for (const name of this.names()) {
      if (!this.known.has(name)) this.refuse(name, `is no field of ${whole}`);
    }
  }
}

function shown(name: string): string {
  return cutTo(storable(name.slice(0, 2 * MAX_SHOWN_NAME + 2)), MAX_SHOWN_NAME);
}
