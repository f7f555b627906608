import { expect, test } from 'bun:test';
import { restartWay } from '../../cli/restart.ts';
import { dataDirIn } from './panel-service.ts';
import { windowsWord } from './words.ts';

test('the data directory is read back from the command line that it was written into', () => {
  for (const path of ['C:\\ProgramData\\Mantou', 'D:\\my data', 'D:\\my data\\', 'Z:\\馒头']) {
    expect(dataDirIn(['C:\\Program Files\\Mantou\\mantou.exe', 'service', 'run', '--host', '0.0.0.0', '--data-dir', path].map(windowsWord).join(' '))).toBe(path);
  }
  expect(dataDirIn('C:\\other.exe')).toBeNull();
});

test('a service of Windows ends to be started again: it starts no process that the service manager knows nothing of', () => {
  const way = restartWay({ MANTOU_SERVICE: 'Mantou' }, { which: () => undefined, run: () => Promise.reject(new Error('nothing runs')) }, () => 8686);
  expect(way.command).toBe('Restart-Service Mantou');
  expect(way.ask).toBeUndefined();
  way.replace();
});
