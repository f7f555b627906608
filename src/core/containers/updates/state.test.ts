import { describe, expect, test } from 'bun:test';
import { askedAs, stateOf, type CheckRow } from './state.ts';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const row = (change: Partial<CheckRow>): CheckRow => ({ reference: 'redis:7', digest: A, checkedAt: 1, fault: null, said: '', skipped: null, ...change });

describe('what a registry is asked for', () => {
  test.each([
    ['redis', [`redis@${A}`], { reference: 'redis:latest' }], ['docker.io/library/redis:7', [`redis@${A}`], { reference: 'redis:7' }],
    ['127.0.0.1:5000/shop:1', [`127.0.0.1:5000/shop@${A}`], { reference: '127.0.0.1:5000/shop:1' }],
    // That image is not here any more: its name is all that there is.
    ['redis:7', undefined, { reference: 'redis:7' }],
    [`redis:7@${A}`, [`redis@${A}`], { why: 'pinned' }], [A, [], { why: 'byId' }], ['Not A Name', [], { why: 'byId' }],
    // Made here: the image of that name in a registry is somebody else's.
    ['shop:1', [], { why: 'local' }], ['shop:1', [`redis@${A}`], { why: 'local' }],
  ] as const)('%s', (image, digests, wanted) => {
    expect(askedAs(image, digests)).toEqual(wanted as never);
  });
});

describe('what is said of it', () => {
  test.each([
    ['never asked', [`redis@${A}`], undefined, 'unknown', 'unasked'],
    ['the same', [`redis@${B}`, `redis@${A}`], row({}), 'current', null],
    ['another', [`redis@${B}`], row({}), 'newer', null],
    ['another, and skipped', [`redis@${B}`], row({ skipped: A }), 'skipped', null],
    ['the next after a skipped one', [`redis@${B}`], row({ skipped: B }), 'newer', null],
    ['never answered', [`redis@${A}`], row({ digest: null, fault: 'denied' }), 'unknown', 'denied'],
    ['newer before it fell silent', [`redis@${B}`], row({ fault: 'away' }), 'newer', 'away'],
    ['the newest before it fell silent', [`redis@${A}`], row({ fault: 'limited' }), 'unknown', 'limited'],
    ['skipped before it fell silent', [`redis@${B}`], row({ fault: 'stopped', skipped: A }), 'skipped', 'stopped'],
  ] as const)('%s', (_what, digests, found, state, why) => {
    expect(stateOf(digests, found)).toEqual({ state, why });
  });
});
