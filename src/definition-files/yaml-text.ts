import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';

/** A YAML document whose parts know their lines. */
export class YamlText {
  private readonly lines = new LineCounter();
  private readonly document: Document;

  constructor(text: string) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
  }

  /** What makes it no YAML; empty where it is. */
  get errors(): readonly { readonly line: number; readonly message: string }[] {
    return this.document.errors.map(({ pos, message }) => ({ line: this.lineAt(pos[0]), message }));
  }

  /**
   * What it says, as plain values. Only for a document without errors.
   *
   * @throws ReferenceError where an alias stands for nothing, or aliases multiply beyond reason
   */
  value(): unknown {
    return this.document.toJS();
  }

  /**
   * The line of a field below a path, or of what is nearest to it. A field is written as `expect.status`; names
   * within it may hold dots themselves.
   */
  lineOf(path: readonly (string | number)[], field: string | null): number {
    let node: unknown = this.document.getIn(path, true);
    let line = this.lineOfNode(node) ?? 1;
    for (let rest = field; rest !== null && isMap(node);) {
      const sought: string = rest;
      const pair = node.items.find(({ key }) => isScalar(key) && begins(sought, String(key.value)));
      if (pair === undefined) break;
      line = this.lineOfNode(pair.key) ?? line;
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      rest = sought.length > name.length ? sought.slice(name.length + 1) : null;
      node = pair.value;
    }
    return line;
  }

  private lineOfNode(node: unknown): number | null {
    return isNode(node) && node.range ? this.lineAt(node.range[0]) : null;
  }

  private lineAt(offset: number): number {
    return this.lines.linePos(offset).line;
  }
}

function begins(field: string, name: string): boolean {
  return field === name || field.startsWith(`${name}.`);
}
