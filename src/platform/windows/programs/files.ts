import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PROGRAM_RESTARTS, type Program } from '../../programs.ts';
import { olderOutput } from './output.ts';

export const programService = (name: string) => `mantou-${name}`;

/** `program.json`: what runs and how. It stands beside what it is told in its environment, which nobody else may read. */
const Settings = z.object({
  title: z.string(), argv: z.array(z.string()).min(1), user: z.string(), folder: z.string(), restart: z.enum(PROGRAM_RESTARTS), delay: z.number(),
  memory: z.number().nullable(), cpu: z.number().nullable(), tasks: z.number().nullable(), boot: z.boolean(),
});
const Environment = z.record(z.string(), z.string());

/** Where a program lies: a folder of its own, in which it may write to the two files of its lines and make nothing. */
export function programPlaces(folder: string, name: string) {
  const own = join(folder, name);
  const log = join(own, 'output.log');
  return { own, settings: join(own, 'program.json'), environment: join(own, 'environment.json'), log, older: olderOutput(log) };
}

export function settingsText({ name: _, environment: __, ...settings }: Program): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

export const environmentText = ({ environment }: Program) => `${JSON.stringify(Object.fromEntries(environment.map(({ name, value }) => [name, value])), null, 2)}\n`;

const parsed = <T>(path: string, schema: z.ZodType<T>): T | null => {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
};

/** null: there is none, or what lies there is not what the panel wrote. */
export function readProgram(folder: string, name: string): Program | null {
  const places = programPlaces(folder, name);
  const settings = parsed(places.settings, Settings);
  if (!settings) return null;
  const environment = parsed(places.environment, Environment) ?? {};
  return { ...settings, name, environment: Object.entries(environment).map(([each, value]) => ({ name: each, value })) };
}

export function programNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /^[a-z0-9-]+$/.test(name) && existsSync(programPlaces(folder, name).settings)).sort();
}

export function writeProgramFiles(folder: string, program: Program): void {
  const places = programPlaces(folder, program.name);
  mkdirSync(places.own, { recursive: true });
  // Made here: in a folder where it could make files, a program could put a link in their place.
  for (const path of [places.log, places.older]) closeSync(openSync(path, 'a'));
  for (const [path, text] of [[places.environment, environmentText(program)], [places.settings, settingsText(program)]] as const) {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
}

export function removeProgramFiles(folder: string, name: string): void {
  const { own, settings, environment, log, older } = programPlaces(folder, name);
  for (const path of [log, older, environment, settings]) if (existsSync(path)) unlinkSync(path);
  if (existsSync(own) && readdirSync(own).length === 0) rmdirSync(own);
}

/**
 * The name of a service in lists of access, as Windows makes it of its name: `NT SERVICE\TrustedInstaller` is
 * S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464.
 */
export function serviceSid(service: string): string {
  const hash = createHash('sha1').update(Buffer.from(service.toUpperCase(), 'utf16le')).digest();
  return `S-1-5-80-${[0, 4, 8, 12, 16].map((at) => hash.readUInt32LE(at)).join('-')}`;
}
