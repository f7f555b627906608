import { expect, test } from 'bun:test';
import { PullProgress } from './pull-progress.ts';

test('each layer is told once for each thing it does, and the whole never goes back', () => {
  const progress = new PullProgress();
  const said: (string | null)[] = [];
  const values: (number | null)[] = [];
  const read = (status: string, id?: string, current?: number, total?: number) => {
    said.push(progress.read({ status, ...(id ? { id } : {}), progressDetail: total ? { current: current!, total } : {} }));
    values.push(progress.value());
  };
  read('Pulling from library/redis', '7');
  read('Already exists', 'a');
  read('Pulling fs layer', 'b');
  read('Downloading', 'b', 50, 100);
  read('Downloading', 'b', 100, 100);
  read('Pulling fs layer', 'c');
  read('Downloading', 'c', 300, 300);
  read('Extracting', 'b', 100, 100);
  read('Pull complete', 'b');
  read('Pull complete', 'c');
  read('Status: Downloaded newer image for redis:7');
  expect(said.filter(Boolean)).toEqual([
    'Pulling from library/redis', 'a: Already exists', 'b: Pulling fs layer', 'b: Downloading', 'c: Pulling fs layer', 'c: Downloading', 'b: Extracting', 'b: Pull complete', 'c: Pull complete', 'Status: Downloaded newer image for redis:7',
  ]);
  expect(values[0]).toBeNull();
  const known = values.filter((value) => value !== null);
  expect(known).toEqual(known.toSorted((a, b) => a - b));
  expect(known.at(-1)).toBe(1);
});

test('a layer of unknown size counts as the middle of the others', () => {
  const progress = new PullProgress();
  progress.read({ status: 'Pulling fs layer', id: 'a' });
  progress.read({ status: 'Downloading', id: 'b', progressDetail: { current: 10, total: 10 } });
  expect(progress.value()).toBeCloseTo(0.35);
});
