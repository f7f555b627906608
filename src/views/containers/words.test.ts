import { expect, it } from 'bun:test';
import { createFormat } from '../../i18n/format.ts';
import { messages } from '../../i18n/languages.ts';
import type { Container } from '../../core/containers/container.ts';
import type { Ui } from '../ui.ts';
import { stateNote } from './words.tsx';

const ui = (lang: 'en' | 'zh-CN') => ({ t: messages(lang), fmt: createFormat(lang, 'UTC') }) as unknown as Ui;
const one = (more: Partial<Container>) => ({ state: 'running', sinceMs: 0, exitCode: null, ...more }) as Container;

it('what began less than a second ago did so just now', () => {
  const both = (more: Partial<Container>) => [stateNote(ui('en'), one(more)), stateNote(ui('zh-CN'), one(more))];
  expect(both({})).toEqual(['just now', '刚刚']);
  expect(both({ state: 'exited', exitCode: 1, sinceMs: 999 })).toEqual(['exit 1, just now', '退出码 1，刚刚']);
  expect(both({ sinceMs: 60_000 })).toEqual(['for 1 min', expect.stringContaining('已')]);
  expect(both({ state: 'created' })).toEqual(['', '']);
});
