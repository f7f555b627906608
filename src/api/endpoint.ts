import type { Context } from 'hono';
import type { z } from 'zod';
import type { Permission } from '../core/access.ts';
import type { Actor, App } from '../core/app.ts';
import type { Env } from '../http/env.ts';
import type { Messages } from '../i18n/en.ts';
import type { ErrorCode } from '../lib/errors.ts';

export type EndpointId = keyof Messages['docs']['endpoints'];
export type EndpointGroup = keyof Messages['docs']['groups'];
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options';

/** One call of the API, described once: the same row mounts the route, checks what comes and goes, and is the reference. */
export interface Endpoint {
  /** "tasks.list": operation id, key of its text, and before the dot its group. */
  id: EndpointId;
  method: Method;
  /** Below /api/v1, with `{id}` for what varies. */
  path: string;
  permission: Permission;
  params?: z.ZodObject | undefined;
  query?: z.ZodObject | undefined;
  /** JSON in the request. */
  body?: z.ZodObject | undefined;
  /** Of a good answer; 204 has none, 101 goes on as a WebSocket. */
  status: 101 | 200 | 201 | 202 | 204;
  /** Other good answers: 206 and 304 of a download. */
  also?: readonly number[] | undefined;
  response?: z.ZodType | undefined;
  /** Headers of the request that it reads, in lower case ("if-match"). */
  headers?: z.ZodObject | undefined;
  /** Media type of a body that `run` reads from the request itself, as it comes. */
  takes?: string | undefined;
  /** Media type of an answer that `run` makes itself, as a `Response`. */
  gives?: string | undefined;
  /** Refusals beside those that follow from the rest of the row. */
  refusals?: readonly ErrorCode[] | undefined;
  /** A query that shows something, for the example. */
  example?: { query?: string; body?: Record<string, unknown> } | undefined;
  run(app: App, actor: Actor, input: { params: unknown; query: unknown; body: unknown; headers: unknown }, c: Context<Env>): unknown;
}

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
type Input<S> = S extends z.ZodType ? z.input<S> : void;

interface Row<P, Q, B, R, H> extends Omit<Endpoint, 'params' | 'query' | 'body' | 'response' | 'headers' | 'run'> {
  params?: P;
  query?: Q;
  body?: B;
  response?: R;
  headers?: H;
  /** A `Response` is sent as it is; anything else as JSON that `response` describes. */
  run(app: App, actor: Actor, input: { params: Output<P>; query: Output<Q>; body: Output<B>; headers: Output<H> }, c: Context<Env>): Input<R> | Response | Promise<Input<R> | Response>;
}

/** Checks a row's types against each other: what `run` gets and gives is what the schemas say. */
export function endpoint<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodObject | undefined = undefined,
  R extends z.ZodType | undefined = undefined,
  H extends z.ZodObject | undefined = undefined,
>(row: Row<P, Q, B, R, H>): Endpoint {
  return row as unknown as Endpoint;
}

export const groupOf = (row: Pick<Endpoint, 'id'>) => row.id.split('.')[0] as EndpointGroup;

/** Which refusals a caller must expect, by their codes. */
export function refusalsOf(row: Endpoint): ErrorCode[] {
  const codes: ErrorCode[] = ['denied'];
  if (row.params) codes.push('not_found');
  if (row.params || row.query || row.body) codes.push('invalid');
  return [...new Set([...codes, ...(row.refusals ?? []), 'internal' as const])];
}
