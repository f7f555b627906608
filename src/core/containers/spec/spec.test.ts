import { describe, expect, test } from 'bun:test';
import { changed } from './body.ts';
import { fieldsOf, unsaidOf } from './fields.ts';
import { ContainerInput } from './input.ts';
import { readRunLine } from './run-line.ts';
import { asCompose, asRunLine } from './shown.ts';

const base = { name: 'web', image: 'nginx:1.29' };
const input = (fields: Record<string, string>) => ContainerInput.parse({ ...base, ...fields });
const refused = (fields: Record<string, string>) => {
  const found = ContainerInput.safeParse({ ...base, ...fields });
  return found.success ? [] : [...new Set(found.error.issues.map(({ path }) => path[0]))];
};

describe('the form', () => {
  test('lists are one a line, as people paste them', () => {
    const made = input({
      env: 'A=1\n# a comment\n\nexport B="two words"\nC=x=y\r\nD=', ports: '8080:80\n127.0.0.1:53:53/udp\n[::1]:8443:443\n9000', mounts: '/srv/shop:/data:ro\nshop-data:/var/lib/data',
      labels: 'a=1\nb', devices: '/dev/ttyUSB0\n/dev/sda:/dev/xvda:r', capAdd: 'net_admin, CAP_SYS_TIME', memory: '1.5g', cpus: '1,5', command: `sh -c 'echo "a b"; ls *'`,
    });
    expect(made.env).toEqual(['A=1', 'B=two words', 'C=x=y', 'D=']);
    expect(made.ports).toEqual([
      { address: '', host: '8080', container: '80', protocol: 'tcp' }, { address: '127.0.0.1', host: '53', container: '53', protocol: 'udp' },
      { address: '::1', host: '8443', container: '443', protocol: 'tcp' }, { address: '', host: '', container: '9000', protocol: 'tcp' },
    ]);
    expect(made.mounts).toEqual(['/srv/shop:/data:ro', 'shop-data:/var/lib/data']);
    expect([made.labels, made.capAdd, made.memory, made.cpus]).toEqual([{ a: '1', b: '' }, ['NET_ADMIN', 'SYS_TIME'], 1.5 * 2 ** 30, 1.5]);
    expect(made.command).toEqual(['sh', '-c', 'echo "a b"; ls *']);
    expect(made.devices).toEqual([{ PathOnHost: '/dev/ttyUSB0', PathInContainer: '/dev/ttyUSB0', CgroupPermissions: 'rwm' }, { PathOnHost: '/dev/sda', PathInContainer: '/dev/xvda', CgroupPermissions: 'r' }]);
  });

  test.each([
    ['name', '-web'], ['name', 'a/b'], ['name', 'web.mantou-new'], ['name', ''], ['image', '-f'], ['image', 'a b'], ['image', ''], ['env', 'no equals sign'], ['env', '1A=x'],
    ['ports', '80:http'], ['ports', '0:80'], ['ports', '70000:80'], ['ports', '1.2.3:80:80'], ['ports', '80-90:80-90'], ['mounts', './relative:/data'], ['mounts', '/a:relative'], ['mounts', '/a:/b/../../etc'],
    ['mounts', '/a:/b:exec'], ['devices', '/etc/passwd'], ['devices', '/dev/../etc/passwd'], ['memory', '1m'], ['memory', 'lots'], ['cpus', '-1'], ['cpus', 'x'], ['capAdd', 'NET-ADMIN'],
    ['command', 'a | b'], ['command', 'a > b'], ['command', 'a && b'], ['network', '-x'], ['restart', 'sometimes'], ['user', 'a\nb'], ['healthInterval', '-5'], ['logDriver', 'a b'],
  ])('S1 S2 %s refuses %j', (field, value) => {
    expect(refused({ [field]: value })).toEqual([field]);
  });
});

describe('a docker run line', () => {
  test('fills the form, also over several lines, with letters together, and with values after =', () => {
    const found = readRunLine(String.raw`
      $ sudo docker run -itd --name=web -p 127.0.0.1:8080:80 \
        -p 8443:443 -e "GREETING=hello world" --env B='$HOME' -v /srv:/data:ro --mount type=volume,source=shop,target=/var/lib,readonly \
        --restart unless-stopped -m 512m --cpus=1.5 --cap-add NET_ADMIN --cap-add SYS_TIME --privileged --gpus all --shm-size 1g --add-host a:1.2.3.4 \
        --health-cmd "curl -f http://localhost/ || exit 1" --health-interval 30s nginx:1.29 nginx -g 'daemon off;'`)!;
    expect(found.fields).toMatchObject({
      name: 'web', tty: 'on', ports: '127.0.0.1:8080:80\n8443:443', env: 'GREETING=hello world\nB=$HOME', mounts: '/srv:/data:ro\nshop:/var/lib:ro', restart: 'unless-stopped',
      memory: '512m', cpus: '1.5', capAdd: 'NET_ADMIN SYS_TIME', privileged: 'on', gpus: 'on', health: 'curl -f http://localhost/ || exit 1', healthInterval: '30', image: 'nginx:1.29',
    });
    expect(found.unknown).toEqual(['--shm-size', '--add-host']);
    expect(ContainerInput.parse(found.fields).command).toEqual(['nginx', '-g', 'daemon off;']);
  });

  test('what is none, is none', () => {
    for (const text of ['', 'ls -la', 'docker ps', 'docker run', 'rm -rf /', 'docker run -d']) expect(readRunLine(text), text).toBeNull();
  });

  test('what the form shows as a line fills the same form again', () => {
    const fields = {
      env: 'A=it\'s\nB=two words\nC=$HOME', ports: '127.0.0.1:8080:80\n53:53/udp', mounts: 'shop:/data:ro', labels: 'a=b c', memory: '64m', cpus: '0.5', network: 'back', restart: 'always',
      command: `sh -c 'echo "$A"'`, entrypoint: '/bin/tini --', health: 'test -f /ok', healthInterval: '5', healthRetries: '3', user: 'www', capDrop: 'ALL', readOnly: 'on', init: 'on', logDriver: 'json-file', logOptions: 'max-size=10m',
    };
    const made = input(fields);
    const again = ContainerInput.parse(readRunLine(asRunLine(made))!.fields);
    // A command line has one word of an entrypoint; the others go before the command.
    expect({ ...again, entrypoint: [], command: [] }).toEqual({ ...made, entrypoint: [], command: [] });
    expect([...again.entrypoint, ...again.command]).toEqual([...made.entrypoint, ...made.command]);
  });
});

test('as compose, with texts that YAML would take for something else', () => {
  const text = asCompose(input({ env: 'YES=no\nPRICE=$5', ports: '22:22', mounts: 'shop:/data', network: 'back', health: 'curl "x"', command: 'on 0123' }));
  expect(text).toContain('    environment:\n      - "YES=no"\n      - "PRICE=$$5"\n');
  expect(text).toContain('    ports:\n      - "22:22"\n');
  expect(text).toContain('    command:\n      - "on"\n      - "0123"\n');
  expect(text).toContain('volumes:\n  shop: {}\n');
  expect(text).toContain('networks:\n  back:\n    external: true\n');
});

test('S22 what nobody touched in the form of a container stays to the letter', () => {
  const Env = ['A="quoted"', "B='q'", 'C= spaced ', 'D=line1\nE=line2', 'F=x=y', 'URL=redis://lin:pw@h', 'G=', '1X=odd', '#x=odd', 'a b=odd', 'BARE', 'LAST=1'];
  const Labels = { rule: 'Host(`a`) && Path("/")', spaced: ' sp ', lines: 'a\nb', 'app.secret': 's', '#x': 'odd', ' spaced ': 'odd', 'a=b': 'odd' };
  const config = { Image: 'web', Env, Labels, Cmd: ['sh', '-c', 'echo "$HOME" && ls *'] };
  const one = { Id: 'f'.repeat(64), Name: '/web', Image: `sha256:${'a'.repeat(64)}`, Created: '', Config: config, HostConfig: { LogConfig: { Type: 'splunk', Config: { 'splunk-token': 'hunter2' } } }, Mounts: [], NetworkSettings: { Networks: {} }, State: { Running: true, ExitCode: 0, StartedAt: '', FinishedAt: '' } };
  const shown = fieldsOf(one, config);
  // A box that is not ticked sends nothing.
  const fields = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== ''));
  const { config: same, host } = changed(config, one.HostConfig, ContainerInput.parse(fields));
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect([same.Env, same.Labels, same.Cmd]).toEqual([Env, Labels, config.Cmd]);
  expect(host['LogConfig']).toEqual(one.HostConfig.LogConfig);
  const { config: other } = changed(config, one.HostConfig, ContainerInput.parse({ ...fields, env: `${shown.env}\nNEW="1"`.replace('A="quoted"', 'A="other"') }));
  expect(other.Env).toEqual(['A=other', ...Env.slice(1), 'NEW=1']);
  expect(unsaidOf(one, config)).toEqual(['1X', '#x', 'a b', 'BARE', '#x', ' spaced ', 'a=b']);
  // They cannot be typed: who wants them gone, or others, does it by another way.
  expect(refused({ env: '1X=typed' })).toEqual(['env']);
});
