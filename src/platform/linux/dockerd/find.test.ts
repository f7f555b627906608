import { expect, test } from 'bun:test';
import { configPath, listening, serviceOf } from './find.ts';

test('sockets that listen, /var/run being /run', () => {
  // Captured on Debian 12: systemd hands the socket on, a client is connected.
  const text = [
    'Num       RefCount Protocol Flags    Type St Inode Path',
    '0000000016f10df8: 00000002 00000000 00010000 0001 01 530170 /run/docker.sock',
    '000000007fd5cbd1: 00000003 00000000 00000000 0001 03 530999 /run/docker.sock',
    '00000000c2b0c3b1: 00000002 00000000 00010000 0001 01 530171 /run/docker/metrics.sock',
    '0000000091f3d5b5: 00000002 00000000 00000000 0002 01  11888',
  ].join('\n');
  expect([...listening(text, '/var/run/docker.sock')]).toEqual(['530170']);
  expect([...listening(text, '/run/docker.sock')]).toEqual(['530170']);
  expect([...listening(text, '/run/user/1000/docker.sock')]).toEqual([]);
});

test('where the file is: as it was told, for root, for an account of its own', () => {
  expect(configPath(['-H', 'fd://'], {}, false)).toBe('/etc/docker/daemon.json');
  for (const flags of [['--config-file', '/srv/d.json'], ['--config-file=/srv/d.json'], ['-D', '-config-file=/srv/d.json']]) expect(configPath(flags, {}, false)).toBe('/srv/d.json');
  expect(configPath(['--rootless'], { HOME: '/home/lin' }, true)).toBe('/home/lin/.config/docker/daemon.json');
  expect(configPath(['--rootless'], { HOME: '/home/lin', XDG_CONFIG_HOME: '/x' }, true)).toBe('/x/docker/daemon.json');
});

test('who starts it again', () => {
  const tools = (...names: string[]) => ({ which: (name: string) => (names.includes(name) ? `/usr/bin/${name}` : undefined) });
  const unit = { kind: 'systemd', name: 'docker.service', command: 'systemctl restart docker.service' };
  expect(serviceOf(tools('systemctl'), '0::/system.slice/docker.service\n', () => true)).toEqual(unit as never);
  expect(serviceOf(tools('systemctl'), '3:cpuset:/\n1:name=systemd:/docker/f9cf9cc06c66/system.slice/docker.service\n', () => true)).toEqual(unit as never);
  expect(serviceOf(tools('systemctl'), '0::/user.slice/user-0.slice/session-3.scope\n', () => true)).toBeNull();
  expect(serviceOf(tools('systemctl'), '0::/user.slice/user-1000.slice/user@1000.service/app.slice/docker.service\n', () => true)).toBeNull();
  expect(serviceOf(tools('rc-service'), '0::/openrc.docker\n', (path) => path === '/run/openrc/started/docker')).toMatchObject({ kind: 'openrc', command: 'rc-service docker restart' });
  expect(serviceOf(tools(), '0::/\n', () => false)).toBeNull();
});
