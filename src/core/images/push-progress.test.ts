import { expect, test } from 'bun:test';
import { PushProgress } from './push-progress.ts';

test('goes up over all layers and never back; the log has a line for each thing that a layer does', () => {
  const progress = new PushProgress();
  const said: string[] = [];
  const seen: number[] = [];
  // Of docker 20.10, POST /images/{name}/push.
  const lines = [
    { status: 'The push refers to repository [127.0.0.1:5000/a]' },
    { status: 'Preparing', progressDetail: {}, id: 'aa' }, { status: 'Preparing', progressDetail: {}, id: 'bb' }, { status: 'Preparing', progressDetail: {}, id: 'cc' },
    { status: 'Layer already exists', progressDetail: {}, id: 'cc' },
    { status: 'Pushing', progressDetail: { current: 512, total: 1000 }, id: 'aa' }, { status: 'Pushing', progressDetail: { current: 100, total: 3000 }, id: 'bb' },
    { status: 'Pushing', progressDetail: { current: 1536, total: 1000 }, id: 'aa' }, { status: 'Pushed', progressDetail: {}, id: 'aa' },
    { status: 'Pushing', progressDetail: { current: 3072, total: 3000 }, id: 'bb' }, { status: 'Pushed', progressDetail: {}, id: 'bb' },
    { status: '1: digest: sha256:00 size: 949' },
  ];
  expect(progress.value()).toBeNull();
  for (const line of lines) {
    said.push(...[progress.read(line)].filter((text) => text !== null));
    seen.push(...[progress.value()].filter((value) => value !== null));
  }
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(1);
  expect(said).toEqual(['The push refers to repository [127.0.0.1:5000/a]', 'aa: Preparing', 'bb: Preparing', 'cc: Preparing', 'cc: Layer already exists', 'aa: Pushing', 'bb: Pushing', 'aa: Pushed', 'bb: Pushed', '1: digest: sha256:00 size: 949']);
});
