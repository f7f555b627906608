import { describe, expect, test } from 'bun:test';
import { AppError } from '../lib/errors.ts';
import { parseState, unitFile } from './service.ts';

const line = (unit: string, name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1];
const make = (dataDir: string) => unitFile({ executable: '/usr/local/bin/mantou', args: ['serve', '--host', '::', '--data-dir', dataDir], dataDir });

describe('the unit', () => {
  test('starts the executable with plain words', () => {
    const unit = make('/var/lib/mantou');
    expect(line(unit, 'ExecStart')).toBe('/usr/local/bin/mantou serve --host :: --data-dir /var/lib/mantou');
    expect(line(unit, 'X-DataDir')).toBe('/var/lib/mantou');
  });

  test('S20 quotes what systemd would read otherwise', () => {
    expect(line(make('/srv/my data'), 'ExecStart')).toEndWith('--data-dir "/srv/my data"');
    expect(line(make('/srv/100%'), 'ExecStart')).toEndWith('--data-dir /srv/100%%');
    expect(line(make('/srv/$HOME'), 'ExecStart')).toEndWith('--data-dir "/srv/$$HOME"');
    expect(line(make('/srv/a"b\\c'), 'ExecStart')).toEndWith('--data-dir "/srv/a\\"b\\\\c"');
    expect(line(make('/srv/a;b'), 'ExecStart')).toEndWith('--data-dir "/srv/a;b"');
  });

  test('S3 a path with a line break is refused: it would be another setting', () => {
    for (const path of ['/srv/a\nExecStartPre=/bin/evil', '/srv/a\rb', '/srv/a\0b']) expect(() => make(path)).toThrow(AppError);
  });

  test('S20 each line that takes something away says why', () => {
    const lines = make('/d').split('\n');
    for (const name of ['RestrictAddressFamilies', 'RestrictRealtime', 'SystemCallFilter', 'CapabilityBoundingSet', 'OOMPolicy', 'LimitNOFILE', 'KillMode']) {
      const at = lines.findIndex((text) => text.startsWith(`${name}=`));
      expect(lines[at - 1], name).toStartWith('# ');
    }
  });
});

// Captured from systemd 252 with --property=LoadState,ActiveState,UnitFileState.
describe('the state', () => {
  test('of a service that runs, that was stopped, that is not there', () => {
    expect(parseState('LoadState=loaded\nActiveState=active\nUnitFileState=enabled\n')).toEqual({ installed: true, active: 'active', enabled: 'enabled' });
    expect(parseState('LoadState=loaded\nActiveState=failed\nUnitFileState=disabled\n')).toEqual({ installed: true, active: 'failed', enabled: 'disabled' });
    expect(parseState('LoadState=not-found\nActiveState=inactive\nUnitFileState=\n')).toEqual({ installed: false, active: 'inactive', enabled: 'disabled' });
    expect(parseState('')).toEqual({ installed: false, active: 'inactive', enabled: 'disabled' });
  });
});
