import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { uptime } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { z } from 'zod';
import { syncFolder, writeWhole } from '../../lib/write-whole.ts';

/**
 * A change that reverts by itself, on disk: a plan that the panel, a watchdog process and the panel after a reboot all find.
 * Its name says where it stands, and only a rename changes that: whoever renames first decides, and nobody else can.
 *
 *     <id>.json            armed
 *     <id>.kept.json       somebody pressed Keep
 *     <id>.reverting.json  what it takes back is being run
 *     <id>.result.json     reverted, and not yet told
 *     <id>.told.json       reverted; shown until somebody has seen it
 */
export const ARMED_NOUNS = ['firewall', 'ssh', 'rdp'] as const;
export type ArmedNoun = (typeof ARMED_NOUNS)[number];

/** Of either system: a made-up Windows is shown on any. Whoever runs it looks again. */
const absolute = z.string().max(4096).refine((path) => (posix.isAbsolute(path) || win32.isAbsolute(path)) && !path.includes('\0'));
const word = z.string().max(32_768).refine((text) => !text.includes('\0'));

const Step = z.union([
  z.strictObject({ run: z.tuple([absolute], word), stdin: z.string().max(1 << 20).optional(), mayFail: z.literal(true).optional() }),
  z.strictObject({ file: absolute, content: z.string().max(4 << 20).nullable(), mode: z.number().int().min(0).max(0o7777).optional() }),
]);

/**
 * One step back: a program with its words, run without a shell, which may fail where what it takes away may be gone already; or a file as it was, null for one that was not there.
 * Steps may be run twice, when the machine goes down between them: each must do no harm the second time.
 */
export type RevertStep = { run: [string, ...string[]]; stdin?: string | undefined; mayFail?: true | undefined } | { file: string; content: string | null; mode?: number | undefined };

export const ArmedId = z.string().regex(/^[0-9a-f-]{36}$/);

const Plan = z.object({
  id: ArmedId, noun: z.enum(ARMED_NOUNS), target: z.string(), by: z.string(),
  /** By the wall clock, for people. */
  armedAt: z.number(), seconds: z.number(),
  /** Which start of the machine, and seconds since then: a clock that nobody sets. */
  boot: z.string(), up: z.number(),
  steps: z.array(Step),
});
export type ArmedPlan = z.output<typeof Plan>;

/** Why it was reverted: nobody kept it, somebody wanted it, the machine was started anew or is going down. */
export const REVERT_REASONS = ['time', 'asked', 'reboot', 'shutdown'] as const;

const Result = z.object({
  id: ArmedId, noun: z.enum(ARMED_NOUNS), target: z.string(), by: z.string(), armedAt: z.number(), seconds: z.number(),
  endedAt: z.number(), reason: z.enum(REVERT_REASONS),
  steps: z.array(z.object({ text: z.string(), ok: z.boolean(), detail: z.string() })),
});
export type ArmedResult = z.output<typeof Result>;

export const STAGES = ['armed', 'kept', 'reverting', 'result', 'told'] as const;
export type Stage = (typeof STAGES)[number];

export const armedFolder = (dataDir: string) => join(dataDir, 'armed');
export const stageFile = (folder: string, id: string, stage: Stage) => join(folder, stage === 'armed' ? `${id}.json` : `${id}.${stage}.json`);

/** Ids of all that are at this stage, oldest first (ids begin with their time). */
export function idsAt(folder: string, stage: Stage): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const end = stage === 'armed' ? '.json' : `.${stage}.json`;
  return names.filter((name) => name.endsWith(end)).map((name) => name.slice(0, -end.length)).filter((id) => ArmedId.safeParse(id).success).sort();
}

/** @throws ZodError for steps that could not be run: better before the change than when it is due */
export function writePlan(folder: string, plan: ArmedPlan) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(stageFile(folder, plan.id, 'armed'), JSON.stringify(Plan.parse(plan)), 0o600);
}

/** null: there is none at this stage, or it is none. @throws the system's error */
export function readPlan(folder: string, id: string, stage: 'armed' | 'kept' | 'reverting'): ArmedPlan | null {
  return readJson(stageFile(folder, id, stage), Plan);
}

export const readResult = (folder: string, id: string, stage: 'result' | 'told'): ArmedResult | null => readJson(stageFile(folder, id, stage), Result);

export function writeResult(folder: string, result: ArmedResult) {
  writeWhole(stageFile(folder, result.id, 'result'), JSON.stringify(result), 0o600);
  rmSync(stageFile(folder, result.id, 'reverting'), { force: true });
}

/** @throws the system's error where it is there and cannot be opened: that says nothing about it, and whoever asks tries again */
function readJson<S extends z.ZodType>(path: string, schema: S): z.output<S> | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The one act that decides: true for the one who took it there, false for everybody who came too late. */
export function moveStage(folder: string, id: string, from: Stage, to: Stage): boolean {
  try {
    renameSync(stageFile(folder, id, from), stageFile(folder, id, to));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  syncFolder(folder);
  return true;
}

/** That somebody watches this plan: written by the watchdog, which dies with its machine. */
export const watchMark = (folder: string, id: string) => join(folder, `${id}.watched`);

/** What lies at this stage and is no plan is in nobody's way any more. Its other stages are left alone: somebody may just have taken it there. */
export const dropStage = (folder: string, id: string, stage: Stage) => rmSync(stageFile(folder, id, stage), { force: true });

export function forget(folder: string, id: string) {
  for (const stage of STAGES) rmSync(stageFile(folder, id, stage), { force: true });
  rmSync(watchMark(folder, id), { force: true });
}

/**
 * Which start of the machine this is. Of a container it is that of its first process: the kernel's id stays the same there.
 * /proc/1/stat, field 22, counted behind the name, which may hold anything: `1 (systemd) S 0 1 1 0 -1 4194560 … 23 …`
 */
export function bootId(): string {
  const kernel = readText('/proc/sys/kernel/random/boot_id').trim();
  const stat = readText('/proc/1/stat');
  const first = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  // Elsewhere: the second when it was started, as two clocks tell it.
  return kernel ? `${kernel} ${first}` : String(Math.round(Date.now() / 1000 - uptime()));
}

/** Two clocks drift, and one of them is set now and then. */
const DRIFT_S = 120;

/** Is it the same start of the machine? Where only clocks tell, nearly the same second is the same. */
export const sameBoot = (one: string, other: string) => one === other || (/^\d+$/.test(one) && /^\d+$/.test(other) && Math.abs(Number(one) - Number(other)) < DRIFT_S);

/** Seconds since the machine was started, also those that it slept. /proc/uptime: `35261.25 68123.10` */
export const upSeconds = () => Number(/^[\d.]+/.exec(readText('/proc/uptime'))?.[0] ?? uptime());

function readText(path: string): string {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}

/** Seconds until it reverts; 0 and less: it is time. Of another start of the machine there are none left. */
export const secondsLeft = (plan: Pick<ArmedPlan, 'boot' | 'up' | 'seconds'>, now = { boot: bootId(), up: upSeconds() }) =>
  sameBoot(plan.boot, now.boot) ? plan.up + plan.seconds - now.up : 0;

/** What a step does, in one line. */
export const stepText = (step: RevertStep) => ('run' in step ? step.run.join(' ') : step.content === null ? `rm ${step.file}` : `write ${step.file}`);
