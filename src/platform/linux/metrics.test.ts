import { afterAll, expect, test } from 'bun:test';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toSample } from '../../core/metrics/sample.ts';
import { shownByDefault } from '../../core/metrics/choice.ts';
import { manualClock } from '../../lib/clock.ts';
import { createLinuxMetrics } from './metrics.ts';

const fixtures = join(import.meta.dir, '../../../test/fixtures/linux');
const folders: string[] = [];
const copyOf = (name: string) => {
  const root = mkdtempSync(join(tmpdir(), 'mantou-root-'));
  folders.push(root);
  cpSync(join(fixtures, name), root, { recursive: true });
  return root;
};
afterAll(() => folders.forEach((root) => rmSync(root, { recursive: true, force: true })));

test('a machine without any source is read all the same, and says what is missing', () => {
  const driver = createLinuxMetrics(manualClock(), '/nowhere');
  expect(driver.read()).toMatchObject({ cpu: null, cores: [], memory: null, load: null, interfaces: [], disks: [], sensors: [] });
  expect(driver.missing()).toHaveLength(5);
});

test('a container without /proc/diskstats: disks are unknown, the rest is there', async () => {
  const root = copyOf('container');
  rmSync(join(root, 'proc/diskstats'));
  const clock = manualClock();
  const driver = createLinuxMetrics(clock, root);
  const before = await driver.read();
  clock.advance(1000);
  const sample = toSample(before, await driver.read(), clock.now(), shownByDefault);
  expect(driver.missing()).toEqual([join(root, 'proc/diskstats')]);
  expect(sample.disk).toBeNull();
  expect(sample.memory!.total).toBeGreaterThan(0);
});

test('a source that comes back is read again, after a minute', () => {
  const root = copyOf('machine');
  rmSync(join(root, 'proc/loadavg'));
  const clock = manualClock();
  const driver = createLinuxMetrics(clock, root);
  driver.read();
  cpSync(join(fixtures, 'machine/proc/loadavg'), join(root, 'proc/loadavg'));
  expect(driver.missing()).toHaveLength(1);
  clock.advance(61_000);
  expect(driver.read()).toMatchObject({ load: [expect.any(Number), expect.any(Number), expect.any(Number)] });
  expect(driver.missing()).toEqual([]);
});

test('three seconds of a real machine', async () => {
  const root = copyOf('machine');
  const clock = manualClock();
  const driver = createLinuxMetrics(clock, root);
  const before = await driver.read();
  // Written over, not replaced: the descriptors stay open, as those of /proc do.
  for (const name of ['stat', 'net/dev', 'diskstats', 'meminfo']) writeFileSync(join(root, 'proc', name), await Bun.file(join(fixtures, 'later/proc', name)).text());
  clock.advance(3000);
  const sample = toSample(before, await driver.read(), clock.now(), shownByDefault);
  expect(sample.cpu).toBeGreaterThanOrEqual(0);
  expect(sample.cores).toHaveLength(2);
  expect(sample.interfaces.map(({ name }) => name)).toEqual(['eth0']);
  expect(sample.disks.map(({ name }) => name)).toEqual(['vda']);
  expect(sample.network).toEqual({ rx: sample.interfaces[0]!.rx, tx: sample.interfaces[0]!.tx });
});

// The machines of the tests have no sensors: these files are written after Documentation/hwmon/sysfs-interface.rst.
test('temperatures: one for a chip, nonsense left out, zones where there are no chips', () => {
  const root = mkdtempSync(join(tmpdir(), 'mantou-root-'));
  folders.push(root);
  const put = (path: string, text: string) => {
    mkdirSync(join(root, 'sys/class', path, '..'), { recursive: true });
    writeFileSync(join(root, 'sys/class', path), `${text}\n`);
  };
  put('thermal/thermal_zone0/type', 'soc');
  put('thermal/thermal_zone0/temp', '43200');
  expect(createLinuxMetrics(manualClock(), root).read()).toMatchObject({ sensors: [{ name: 'soc', celsius: 43.2 }] });
  put('hwmon/hwmon0/name', 'coretemp');
  put('hwmon/hwmon0/temp1_input', '51000');
  put('hwmon/hwmon0/temp1_label', 'Package id 0');
  put('hwmon/hwmon0/temp2_input', '49000');
  put('hwmon/hwmon0/temp2_label', 'Core 0');
  put('hwmon/hwmon1/name', 'nct6775');
  put('hwmon/hwmon1/temp1_input', '-128000');
  put('hwmon/hwmon1/temp2_input', '36500');
  put('hwmon/hwmon2/name', 'nvme');
  put('hwmon/hwmon2/temp1_input', '38850');
  put('hwmon/hwmon3/name', 'nvme');
  put('hwmon/hwmon3/temp1_input', '41850');
  expect(createLinuxMetrics(manualClock(), root).read()).toMatchObject({
    sensors: [{ name: 'coretemp', celsius: 51 }, { name: 'nct6775 2', celsius: 36.5 }, { name: 'nvme', celsius: 38.85 }, { name: 'nvme 2', celsius: 41.85 }],
  });
});

test.skipIf(process.platform !== 'linux')('this machine', async () => {
  const driver = createLinuxMetrics(manualClock());
  const { cpu, memory } = await driver.read();
  expect(cpu!.total).toBeGreaterThan(0);
  expect(memory!.used).toBeGreaterThan(0);
  const mounts = await driver.mounts();
  expect(mounts.map(({ path }) => path)).toContain('/');
  for (const mount of mounts) expect(mount.used + mount.free).toBeLessThanOrEqual(mount.total);
});
