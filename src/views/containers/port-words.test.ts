import { expect, it } from 'bun:test';
import type { PortFact } from '../../core/containers/ports/facts.ts';
import { createFormat } from '../../i18n/format.ts';
import { messages } from '../../i18n/languages.ts';
import type { Ui } from '../ui.ts';
import { governWord } from './port-words.ts';

const ui = { t: messages('en'), fmt: createFormat('en', 'UTC') } as unknown as Ui;
const fact: PortFact = { address: '0.0.0.0', host: 8088, container: 80, protocol: 'tcp', scope: 'everywhere', verdict: 'open', reach: [], by: 'docker', firewall: null, chain: null, unknown: null };

it('says that no firewall is asked only where everybody comes in', () => {
  expect(governWord(ui, fact)).toContain('No firewall is asked');
  for (const verdict of ['some', 'closed', 'unknown'] as const) expect(governWord(ui, { ...fact, verdict })).toBe('');
  expect(governWord(ui, { ...fact, verdict: 'some', chain: 'DOCKER-USER' })).toContain('Limited by rules in DOCKER-USER');
});
