import { isObject } from '../normalization/json-document';
import type { YamlText } from './yaml-text';

/** So many faults are told at once. */
const MAX_FAULTS = 100;

/** Where something is in a file: the list and the place in it; empty for the file itself. */
export type FilePath = readonly [] | readonly [list: string, at: number];

/** Everything that is wrong with a file, each fault with its line. */
export class FileFaults {
  private readonly faults: { readonly line: number; readonly message: string }[] = [];

  constructor(private readonly yaml: YamlText) {
    for (const fault of yaml.errors) this.faults.push(fault);
  }

  get isEmpty(): boolean {
    return this.faults.length === 0;
  }

  /** A sentence for each, in the order of their lines. */
  get sentences(): readonly string[] {
    const all = this.faults
      .toSorted((one, other) => one.line - other.line)
      .map(({ line, message }) => `line ${line}: ${message}`);
    const more = all.length - MAX_FAULTS;
    return more <= 0 ? all : [...all.slice(0, MAX_FAULTS), `and ${more} more`];
  }

  /** Refuses a field of what is at a path; the whole of it where there is no field. */
  refuse(path: FilePath, field: string | null, message: string): void {
    const place = path.length === 0 ? '' : `${path[0]}[${path[1]}]: `;
    const subject = field ?? (path.length === 0 ? 'The file' : 'It');
    this.faults.push({ line: this.yaml.lineOf(path, field), message: `${place}${subject} ${message}` });
  }

  /**
   * The lists that a file consists of, by their names. The first has to be there, and may be empty: a file without
   * anything in it is more likely a mistake than the wish to have nothing any more.
   */
  listsOf<Name extends string>(names: readonly [Name, ...Name[]]): Record<Name, readonly unknown[]> {
    const root = this.isEmpty ? this.root() : undefined;
    const [first] = names;
    if (root !== undefined && !isObject(root)) {
      this.refuse([], null, `must be an object with the list ${first}, which may be empty`);
    }
    const found = isObject(root) ? root : {};
    for (const name of Object.keys(found)) {
      if (!names.some((known) => known === name)) this.refuse([], name, unknownList(names));
    }
    if (isObject(root) && !Object.hasOwn(root, first)) {
      this.refuse([], first, 'is missing; it may be empty: []');
    }
    const lists = names.map((name) => [name, this.listOf(found, name)] as const);
    return Object.fromEntries(lists) as Record<Name, readonly unknown[]>;
  }

  private listOf(root: Record<string, unknown>, name: string): readonly unknown[] {
    const list = Object.hasOwn(root, name) ? root[name] : [];
    if (Array.isArray(list)) return list;
    this.refuse([], name, 'must be a list');
    return [];
  }

  /** Undefined where it cannot be told. */
  private root(): unknown {
    try {
      return this.yaml.value() ?? null;
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      this.faults.push({ line: 1, message: error.message });
      return undefined;
    }
  }
}

function unknownList(names: readonly string[]): string {
  return names.length === 1 ? `is not ${names[0]}` : `is neither ${names.join(' nor ')}`;
}
