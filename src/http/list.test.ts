import { describe, expect, test } from 'bun:test';
import { z } from 'zod';
import { pageOfRows } from '../lib/page.ts';
import { AppError } from '../lib/errors.ts';
import { listFields, pageQuery, writeCursor, type ListInput } from './list.ts';

const Query = z.strictObject(listFields(['name', 'size'], '-size'));
const read = (query: Record<string, string>) => pageQuery(Query.parse(query) as ListInput<'name' | 'size'>);

describe('refused', () => {
  test.each([['0'], ['-1'], ['201'], ['1e9'], ['999999999999999999999'], ['1.5'], ['NaN'], ['abc'], [''], ['50; DROP TABLE users']])('limit %p', (limit) => {
    expect(Query.safeParse({ limit }).success).toBe(false);
  });

  test.each([["name' OR 1=1"], ['password_hash'], ['--name'], ['size desc'], ['constructor'], ['__proto__'], ['(select 1)'], ['']])('S14 sort by %p', (sort) => {
    expect(Query.safeParse({ sort }).success).toBe(false);
  });

  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  test.each([
    ['text', 'hello'], ['not base64', '%%%'], ['JSON of another shape', cursor({ a: 1 })], ['too short', cursor(['-size', 1])],
    ['of another sort', cursor(['name', 1, 1])], ['with an object in it', cursor(['-size', { $gt: 0 }, 1])], ['with null', cursor(['-size', null, 1])],
    ['bytes', '\u0000\u0001'],
  ])('a cursor that is %s', (_what, text) => {
    expect(() => read({ cursor: text })).toThrow(AppError);
  });

  test('a cursor that is too long', () => expect(Query.safeParse({ cursor: 'a'.repeat(601) }).success).toBe(false));
});

test('defaults', () => {
  expect(read({})).toEqual({ limit: 50, by: 'size', descending: true, after: undefined });
  expect(read({ sort: 'name', limit: '200' })).toMatchObject({ limit: 200, by: 'name', descending: false });
});

test.each(['name', '-name', 'size', '-size'] as const)('pages of %s put together are the whole list in order, equal values by id', (sort) => {
  const rows = Array.from({ length: 103 }, (_, i) => ({ id: i, name: `n${(i * 7) % 10}`, size: (i * 13) % 5 }));
  const fields = { name: (r: (typeof rows)[0]) => r.name, size: (r: (typeof rows)[0]) => r.size };
  const seen: number[] = [];
  let cursor: string | null = '';
  for (let round = 0; cursor !== null && round < 20; round++) {
    const query = read({ sort, limit: '10', ...(cursor ? { cursor } : {}) });
    const page = pageOfRows(rows, fields, (r) => r.id, query);
    expect(page.total).toBe(103);
    seen.push(...page.items.map((r) => r.id));
    cursor = writeCursor(page.next, sort);
  }
  expect(seen).toHaveLength(103);
  expect(new Set(seen).size).toBe(103);
  const values = seen.map((id) => rows[id]![sort.replace('-', '') as 'size']);
  expect(values).toEqual([...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0) * (sort[0] === '-' ? -1 : 1)));
});
