import { describe, expect, test } from 'bun:test';
import type { Stats } from 'node:fs';
import { spanOf, validatorsOf, weigh } from './validators.ts';

const AT = Date.UTC(2026, 10, 22, 8, 30, 15, 400);
const file = (more: Partial<Stats> = {}) => ({ ino: 7, size: 1000, mtimeMs: AT, ctimeMs: AT, ...more }) as Stats;
const old = validatorsOf(file(), AT + 60_000);
const fresh = validatorsOf(file(), AT + 500);
const asked = (range: string, more: Record<string, string> = {}) => spanOf(new Headers({ range, ...more }), old, 1000);

describe('ranges', () => {
  test('what is no range of bytes, or several, is answered by the whole file', () => {
    for (const range of ['', 'bytes', 'bytes=', 'bytes=-', 'bytes=a-b', 'items=0-5', 'bytes=9-5', 'bytes=0-1,5-6', 'bytes=--5', 'bytes=1.5-2', 'bytes=0x10-20', 'bytes=+1-2']) expect([range, asked(range)]).toEqual([range, 'whole']);
  });
  test('what begins past the end cannot be had', () => {
    for (const range of ['bytes=1000-', 'bytes=99999999999999999999-', 'bytes=5000-6000', 'bytes=-0']) expect([range, asked(range)]).toEqual([range, 'unsatisfiable']);
    expect(spanOf(new Headers({ range: 'bytes=0-' }), old, 0)).toBe('unsatisfiable');
  });
  test('pieces', () => {
    expect(asked('bytes=0-0')).toEqual({ first: 0, last: 0 });
    expect(asked('bytes=5-')).toEqual({ first: 5, last: 999 });
    expect(asked('Bytes= 5 - 9 ')).toEqual({ first: 5, last: 9 });
    expect(asked('bytes=990-99999999999999999999')).toEqual({ first: 990, last: 999 });
    expect(asked('bytes=-5')).toEqual({ first: 995, last: 999 });
    expect(asked('bytes=-5000')).toEqual({ first: 0, last: 999 });
  });
  test('If-Range: only the strong tag or the exact date of this very state', () => {
    expect(asked('bytes=5-', { 'if-range': old.etag })).toEqual({ first: 5, last: 999 });
    expect(asked('bytes=5-', { 'if-range': old.lastModified! })).toEqual({ first: 5, last: 999 });
    for (const other of ['"x"', `W/${old.etag}`, new Date(AT + 5000).toUTCString(), new Date(AT - 5000).toUTCString(), 'nonsense', '']) expect(asked('bytes=5-', { 'if-range': other })).toBe('whole');
    expect(spanOf(new Headers({ range: 'bytes=5-', 'if-range': fresh.etag }), fresh, 1000)).toBe('whole');
  });
});

describe('validators', () => {
  test('another inode, size or time is another tag, also when the modification time was set back', () => {
    const tags = [file(), file({ ino: 8 }), file({ size: 1001 }), file({ mtimeMs: AT + 1 }), file({ ctimeMs: AT + 0.25 })].map((stats) => validatorsOf(stats, AT + 60_000).etag);
    expect(new Set(tags).size).toBe(5);
  });
  test('a file that was just written has a weak tag and no date: its pieces are not put together', () => {
    expect(fresh.etag).toStartWith('W/"');
    expect(fresh.lastModified).toBeNull();
    expect(old.etag).toStartWith('"');
    expect(old.lastModified).toBe('Sun, 22 Nov 2026 08:30:15 GMT');
  });
});

describe('conditions', () => {
  const verdict = (headers: Record<string, string>, of = old) => weigh(new Headers(headers), of);
  test('If-Match and If-Unmodified-Since fail for another state', () => {
    expect(verdict({ 'if-match': '"x"' })).toBe('failed');
    expect(verdict({ 'if-match': fresh.etag }, fresh)).toBe('failed');
    expect(verdict({ 'if-unmodified-since': new Date(AT - 5000).toUTCString() })).toBe('failed');
    expect(verdict({ 'if-match': `"x", ${old.etag}` })).toBe('go');
    expect(verdict({ 'if-match': '*', 'if-unmodified-since': new Date(AT - 5000).toUTCString() })).toBe('go');
    expect(verdict({ 'if-unmodified-since': old.lastModified! })).toBe('go');
    expect(verdict({ 'if-unmodified-since': 'nonsense' })).toBe('go');
  });
  test('If-None-Match goes before If-Modified-Since', () => {
    expect(verdict({ 'if-none-match': old.etag })).toBe('unmodified');
    expect(verdict({ 'if-none-match': `"a", W/${old.etag}` })).toBe('unmodified');
    expect(verdict({ 'if-none-match': '*' })).toBe('unmodified');
    expect(verdict({ 'if-none-match': '"a"', 'if-modified-since': old.lastModified! })).toBe('go');
    expect(verdict({ 'if-modified-since': old.lastModified! })).toBe('unmodified');
    expect(verdict({ 'if-modified-since': new Date(AT - 5000).toUTCString() })).toBe('go');
    expect(verdict({})).toBe('go');
  });
});
