import { describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf, publicDir, reachable, readPublic as read } from '../support/modules.ts';
import { ICONS } from '../../src/views/parts/icon.tsx';
import { APP_MODULES, BARE_MODULES } from '../../src/views/shell/imports.ts';
import { sources } from './tree.ts';

const names = (folder: string, end: string) =>
  readdirSync(join(publicDir, folder)).filter((name) => name.endsWith(end));

test('the sprite and the list of icon names are the same', async () => {
  const symbols = [...(await read('icons.svg')).matchAll(/<symbol id="([\w-]+)"/g)].map((m) => m[1]!);
  expect(symbols.toSorted()).toEqual([...ICONS].toSorted());
});

describe('modules', () => {
  test('the layout preloads exactly what its entries import', async () => {
    expect([...APP_MODULES].toSorted()).toEqual(await reachable('js/app.js'));
    expect([...BARE_MODULES].toSorted()).toEqual(await reachable('js/bare.js'));
  });

  test('every import is a file of ours or a name of the import map', async () => {
    for (const name of names('js', '.js')) {
      for (const path of await importsOf(`js/${name}`)) {
        expect(await Bun.file(join(publicDir, path)).exists(), `${name} imports ${path}`).toBe(true);
      }
    }
  });

  test('S15 none makes HTML of strings or evaluates code', async () => {
    for (const name of names('js', '.js')) {
      expect(await read(`js/${name}`), name).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/,
      );
    }
  });
});

test('a list that is narrowed while somebody types asks again by the same event, and for the last that was typed', () => {
  const narrowed: string[] = [];
  for (const { path, text } of sources('src/views', /\.tsx$/)) {
    if (!text.includes('scripts={') || !text.includes('NARROWS')) continue;
    narrowed.push(path);
    expect(/<div id="[\w-]+" hx-get.*outerMorph.*>/.exec(text)?.[0], path).toMatch(/hx-trigger="[^"]*\bcontainers-changed from:body".*hx-sync="queue last"/);
  }
  expect(narrowed.length).toBeGreaterThan(8);
});

describe('styles', () => {
  test.each(names('css', '.css'))('%s: layered, no !important, raw colours only as tokens', async (name) => {
    const css = (await read(`css/${name}`)).replace(/\/\*[\s\S]*?\*\//g, '');
    expect(css).toMatch(/@layer (tokens|reset|base|layout|components|utilities) \{/);
    expect(css).not.toContain('!important');
    if (name !== 'tokens.css')
      expect(css.replace(/oklch\(from /g, '')).not.toMatch(/#[0-9a-f]{3,8}\b(?![^{]*\{)|oklch\(\d|rgb\(/i);
  });

  test('every custom property that is read is defined, or has a fallback', async () => {
    const all = (await Promise.all(names('css', '.css').map((name) => read(`css/${name}`)))).join('\n');
    const defined = new Set([...all.matchAll(/(--[\w-]+)\s*:/g)].map((m) => m[1]!));
    const unknown = [...all.matchAll(/var\((--[\w-]+)\s*(,)?/g)]
      .filter((m) => !m[2] && !defined.has(m[1]!))
      .map((m) => m[1]);
    expect(unknown).toEqual([]);
  });
});
