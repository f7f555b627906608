import { z } from 'zod';
import { PERMISSIONS } from '../core/access.ts';
import type { Messages } from '../i18n/en.ts';
import { STATUS, type ErrorCode } from '../lib/errors.ts';
import { groupOf, refusalsOf, type Endpoint } from './endpoint.ts';
import { Problem } from './schemas.ts';
import { socketText } from './socket-text.ts';
import { ENDPOINTS } from './table.ts';

/** The part of JSON Schema 2020-12 that the table uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: (string | number)[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema | false;
  prefixItems?: Schema[];
  anyOf?: Schema[];
  additionalProperties?: Schema | boolean;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Schema;
}

interface Content {
  content: Record<string, { schema: Schema; example?: unknown }>;
}

export interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { required: true } & Content;
  responses: Record<string, { description: string } & Partial<Content>>;
  'x-permission': string;
}

export interface OpenApi {
  openapi: '3.1.0';
  jsonSchemaDialect: string;
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, object> };
}

const made = new WeakMap<Messages, OpenApi>();

/** OpenAPI 3.1.0 (spec.openapis.org/oas/v3.1.0) of the whole table, in the language of `t`; made once, as it takes some 50 ms. */
export function openApi(t: Messages, version: string): OpenApi {
  const kept = made.get(t);
  if (kept?.info.version === version) return kept;
  const document = describe(t, version);
  made.set(t, document);
  return document;
}

function describe(t: Messages, version: string): OpenApi {
  const schemas: Record<string, Schema> = {};
  const schema = (type: z.ZodType, io: 'input' | 'output') => jsonSchema(type, io, t, schemas);
  schema(Problem, 'output');
  const paths: OpenApi['paths'] = {};
  for (const row of ENDPOINTS) (paths[row.path] ??= {})[row.method] = operation(row, t, schema);
  paths['/openapi.json'] = { get: ownOperation(t) };
  const tags = [...new Set([...ENDPOINTS.map(groupOf), 'openapi' as const])];
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Mantou',
      version,
      description: [t.docs.lead, t.docs.start.token, t.docs.start.lists, t.docs.start.errors].join('\n\n'),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api/v1' }],
    tags: tags.map((name) => ({ name, description: t.docs.groups[name] })),
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer', description: t.docs.start.token } } },
  };
}

/** zod → JSON Schema; named schemas move to the components, keys of descriptions become words. */
function jsonSchema(type: z.ZodType, io: 'input' | 'output', t: Messages, named: Record<string, Schema>): Schema {
  const fields = t.docs.fields as Record<string, string>;
  const made = z.toJSONSchema(type, {
    io,
    override({ jsonSchema: node }) {
      if (node.description?.startsWith('#')) node.description = fields[node.description.slice(1)] ?? node.description;
      // Patterns of zod's own formats say nothing that the format does not.
      if (node.format === 'uuid') delete node.pattern;
    },
  });
  const text = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema: _, $defs, ...rest } = JSON.parse(text) as Schema & { $schema?: string; $defs?: Record<string, Schema> };
  for (const [name, def] of Object.entries($defs ?? {})) named[name] = withoutId(def);
  return withoutId(rest);
}

function withoutId(schema: Schema & { id?: string }): Schema {
  const { id: _, ...rest } = schema;
  return rest;
}

const PLACES = { params: 'path', query: 'query', headers: 'header' } as const;

function parametersOf(row: Endpoint, schema: (type: z.ZodType, io: 'input') => Schema): Parameter[] {
  return (['params', 'query', 'headers'] as const).flatMap((place) => {
    const object = row[place] && schema(row[place], 'input');
    return Object.entries(object?.properties ?? {}).map(([name, { description, ...rest }]) => ({
      name,
      in: PLACES[place],
      required: place === 'params' || (object?.required?.includes(name) ?? false),
      ...(description ? { description } : {}),
      schema: rest,
    }));
  });
}

function operation(row: Endpoint, t: Messages, schema: (type: z.ZodType, io: 'input' | 'output') => Schema): Operation {
  const parameters = parametersOf(row, schema);
  const ok = row.response ? { content: { 'application/json': { schema: schema(row.response, 'output') } } } : row.gives ? bytes(row.gives) : {};
  const also = (row.also ?? []).map((status) => [status, { description: t.docs.answer({ status }), ...(status === 206 ? ok : {}) }] as const);
  const example = row.example?.body;
  return {
    operationId: row.id,
    summary: t.docs.endpoints[row.id],
    description: [needsText(t, row.permission), ...(row.id === 'terminals.socket' ? socketText(t) : [])].join('\n\n'),
    tags: [groupOf(row)],
    security: [{ token: [] }],
    ...(parameters.length ? { parameters } : {}),
    ...(row.body ? { requestBody: { required: true as const, content: { 'application/json': { schema: schema(row.body, 'input'), ...(example ? { example } : {}) } } } } : {}),
    ...(row.takes ? { requestBody: { required: true as const, ...bytes(row.takes) } } : {}),
    responses: { [row.status]: { description: t.docs.answer({ status: row.status }), ...ok }, ...Object.fromEntries(also), ...refusals(t, refusalsOf(row)) },
    'x-permission': row.permission,
  };
}

/** What is no JSON: OpenAPI 3.1 leaves its schema empty (4.8.14.1, "Considerations for File Uploads"). */
const bytes = (type: string): Content => ({ content: { [type]: { schema: {} } } });

const needsText = (t: Messages, permission: keyof typeof PERMISSIONS) =>
  t.docs.needs({ permission, role: t.shell.roles[PERMISSIONS[permission]] ?? PERMISSIONS[permission] });

function refusals(t: Messages, codes: readonly ErrorCode[]): Operation['responses'] {
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const entries = codes.map((code) => [String(STATUS[code]), { description: t.docs.problems[code], content: problem }] as const);
  return Object.fromEntries([['401', { description: t.docs.problems.unauthorized, content: problem }] as const, ...entries]);
}

function ownOperation(t: Messages): Operation {
  return {
    operationId: 'openapi.get',
    summary: t.docs.endpoints['openapi.get'],
    description: needsText(t, 'api.read'),
    tags: ['openapi'],
    security: [{ token: [] }],
    responses: {
      200: { description: t.docs.answer({ status: 200 }), content: { 'application/json': { schema: { type: 'object' } } } },
      ...refusals(t, ['denied', 'internal']),
    },
    'x-permission': 'api.read',
  };
}
