import { z } from 'zod';
import { ROLES } from '../db/schema/users.ts';
import type { Messages } from '../i18n/en.ts';
import { writeCursor } from '../http/list.ts';
import type { Page } from '../lib/page.ts';

type Field = keyof Messages['docs']['fields'];

/** Says what a field means, by its key in i18n `docs.fields`: the reference has it in the reader's language. */
export const means = <S extends z.ZodType>(schema: S, field: Field): S => schema.meta({ description: `#${field}` }) as S;

export const Time = means(z.number(), 'time');
export const MaybeTime = means(z.number().nullable(), 'time');
export const Bytes = means(z.number(), 'bytes');
export const Rate = means(z.number(), 'rate');
export const Percent = means(z.number(), 'percent');
export const Role = z.enum(ROLES);

/** The answer of every list. */
export const collection = <S extends z.ZodType>(item: S) =>
  z.object({
    items: z.array(item),
    total: means(z.number().int(), 'total'),
    next: means(z.string().nullable(), 'next'),
  });

/** A page of core as that answer. */
export const answer = <Row>(page: Page<Row>, sort: string) => ({ items: page.items, total: page.total, next: writeCursor(page.next, sort) });

export const Problem = z
  .object({
    type: means(z.string(), 'problemType'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    field: z.string().optional(),
    errors: means(z.array(z.object({ field: z.string(), detail: z.string() })).optional(), 'problemErrors'),
    output: means(z.string().optional(), 'problemOutput'),
    id: means(z.string().optional(), 'problemId'),
  })
  .meta({ id: 'Problem' });
