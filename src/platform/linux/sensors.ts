import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOnce, Source } from './source.ts';

interface Sensor {
  name: string;
  source: Source;
}

/** The one reading that stands for a chip: the package of a CPU, the composite of an NVMe disk. */
const WHOLE = /^(Package|Tctl|Tdie|Composite|Tccd1|CPU)/i;
const LIMIT = 12;

const list = (folder: string) => {
  try {
    return readdirSync(folder).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  } catch {
    return [];
  }
};

const line = (path: string) => readOnce(path)?.trim() || null;

/**
 * Temperatures of `root`/class/hwmon (kernel, Documentation/hwmon/sysfs-interface.rst), one or two a chip;
 * on boards without any (many ARM ones) the zones of `root`/class/thermal.
 */
export function findSensors(root = '/sys'): Sensor[] {
  const chips = list(join(root, 'class/hwmon')).flatMap((chip) => chipSensors(join(root, 'class/hwmon', chip)));
  const found = chips.length ? chips : list(join(root, 'class/thermal')).filter((name) => name.startsWith('thermal_zone')).map((zone) => ({
    name: line(join(root, 'class/thermal', zone, 'type')) ?? zone,
    source: new Source(join(root, 'class/thermal', zone, 'temp')),
  }));
  return unique(found).slice(0, LIMIT);
}

function chipSensors(folder: string): Sensor[] {
  const chip = line(join(folder, 'name')) ?? folder.split('/').at(-1)!;
  const inputs = list(folder).filter((file) => /^temp\d+_input$/.test(file)).map((file) => ({
    label: line(join(folder, file.replace('_input', '_label'))),
    path: join(folder, file),
  }));
  const whole = inputs.find(({ label }) => label && WHOLE.test(label));
  return (whole ? [whole] : inputs.slice(0, 2)).map(({ label, path }) => ({
    name: label && !whole ? `${chip} ${label}` : chip,
    source: new Source(path),
  }));
}

/** Two disks give two "nvme": the second becomes "nvme 2". */
function unique(sensors: Sensor[]): Sensor[] {
  const seen = new Map<string, number>();
  return sensors.map((sensor) => {
    const n = (seen.get(sensor.name) ?? 0) + 1;
    seen.set(sensor.name, n);
    return n === 1 ? sensor : { ...sensor, name: `${sensor.name} ${n}` };
  });
}

/** Thousandths of a degree; what is not connected tells nonsense, which is left out. */
export function readSensors(sensors: readonly Sensor[], now: number): { name: string; celsius: number }[] {
  return sensors.flatMap(({ name, source }) => {
    const celsius = Number.parseInt(source.read(now) ?? '', 10) / 1000;
    return celsius > -40 && celsius < 150 && celsius !== 0 ? [{ name, celsius }] : [];
  });
}
