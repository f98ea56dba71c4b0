/** What the tests need of an OpenAPI 3.0 document. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Operation {
  readonly summary?: string;
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

/** What a body comes as, by its media type. */
export type Content = Readonly<Record<string, Media>>;

export interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly example?: unknown;
}

/** Every operation of the document, by `METHOD path`. */
export function operationsOf({ paths }: ApiDocument): ReadonlyMap<string, Operation> {
  return new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  );
}

/** Where a value differs from what its schema says, field by field; nothing where it does not. */
export function differences(value: unknown, schema: Schema, document: ApiDocument, at = '$'): string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1)!;
    const target = document.components.schemas[name];
    return target === undefined ? [`${at}: no schema ${name}`] : differences(value, target, document, at);
  }
  if (value === null) return schema.nullable === true ? [] : [`${at} is null`];
  if (schema.allOf !== undefined)
    return schema.allOf.flatMap((part) => differences(value, part, document, at));
  if (schema.oneOf !== undefined) {
    const each = schema.oneOf.map((choice) => differences(value, choice, document, at));
    return each.some((found) => found.length === 0) ? [] : each.flat();
  }
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [`${at} is none of its words: ${JSON.stringify(value)}`];
  if (Array.isArray(value)) {
    if (schema.type !== 'array') return [`${at} is an array`];
    return value.flatMap((item, index) => differences(item, schema.items ?? {}, document, `${at}[${index}]`));
  }
  if (typeof value !== 'object') {
    const isType = schema.type === typeof value || (schema.type === 'integer' && Number.isInteger(value));
    return isType ? [] : [`${at} is a ${typeof value} and not ${schema.type}`];
  }
  if (schema.type !== 'object') return [`${at} is an object`];
  const missing = (schema.required ?? [])
    .filter((name) => !(name in value))
    .map((name) => `${at}.${name} is missing`);
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const property = schema.properties?.[name];
    if (property !== undefined) return differences(field, property, document, `${at}.${name}`);
    return schema.additionalProperties === undefined ? [`${at}.${name} is not documented`] : [];
  });
  return [...missing, ...fields];
}

/** Where an example leaves something open that its schema has. */
export function gaps(value: unknown, schema: Schema, document: ApiDocument, at = '$'): string[] {
  if (value === undefined) return [`${at} has no example`];
  if (schema.$ref !== undefined) {
    return gaps(value, document.components.schemas[schema.$ref.split('/').at(-1)!]!, document, at);
  }
  if (Array.isArray(value) && schema.items !== undefined) {
    return value.length === 0 ? [`${at} is empty`] : gaps(value[0], schema.items, document, `${at}[]`);
  }
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    gaps((value as Record<string, unknown> | null)?.[name], property, document, `${at}.${name}`),
  );
}
