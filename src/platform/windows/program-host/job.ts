import { dlopen } from 'bun:ffi';
import { availableParallelism } from 'node:os';
import type { Program } from '../../programs.ts';

const CALLS = {
  CreateJobObjectW: { args: ['ptr', 'ptr'], returns: 'u64' },
  SetInformationJobObject: { args: ['u64', 'u32', 'ptr', 'u32'], returns: 'i32' },
  AssignProcessToJobObject: { args: ['u64', 'u64'], returns: 'i32' },
  OpenProcess: { args: ['u32', 'i32', 'u32'], returns: 'u64' },
  GetCurrentProcess: { args: [], returns: 'u64' },
  CloseHandle: { args: ['u64'], returns: 'i32' },
  AllocConsole: { args: [], returns: 'i32' },
  SetConsoleCtrlHandler: { args: ['ptr', 'i32'], returns: 'i32' },
  GenerateConsoleCtrlEvent: { args: ['u32', 'u32'], returns: 'i32' },
  GetACP: { args: [], returns: 'u32' },
} as const;

// winnt.h
const EXTENDED_LIMITS = 9;
const CPU_RATE = 15;
const LIMIT = { processes: 0x8, memory: 0x200, endsWithJob: 0x2000 } as const;
const CPU_ENABLED_HARD = 0x1 | 0x4;
const SET_QUOTA_AND_TERMINATE = 0x100 | 0x1;
const CTRL_C = 0;

type Limits = Pick<Program, 'memory' | 'cpu' | 'tasks'>;

/** JOBOBJECT_EXTENDED_LIMIT_INFORMATION: flags at 16, active processes at 40, bytes of the job at 120. */
export function extendedLimits({ memory, tasks }: Pick<Limits, 'memory' | 'tasks'>): Uint8Array {
  const bytes = new Uint8Array(144);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, LIMIT.endsWithJob | (tasks === null ? 0 : LIMIT.processes) | (memory === null ? 0 : LIMIT.memory), true);
  view.setUint32(40, tasks ?? 0, true);
  view.setBigUint64(120, BigInt(memory ?? 0) * 1024n * 1024n, true);
  return bytes;
}

/** Hundredths of a percent of the whole machine, as Windows wants it, of percents of one core. */
export const cpuRate = (percent: number, cores: number) => Math.max(1, Math.min(10_000, Math.round((percent * 100) / cores)));

/** What this process needs of Windows to hold another: jobs that end and limit it, and a console to ask it to end by. */
export function openJobs() {
  const api = dlopen('kernel32.dll', CALLS).symbols;
  const make = (limits: Limits) => {
    const job = api.CreateJobObjectW(null, null);
    const bytes = extendedLimits(limits);
    if (!job || !api.SetInformationJobObject(job, EXTENDED_LIMITS, bytes, bytes.length)) throw new Error('the job object could not be made');
    if (limits.cpu !== null && !api.SetInformationJobObject(job, CPU_RATE, new Uint32Array([CPU_ENABLED_HARD, cpuRate(limits.cpu, availableParallelism())]), 8)) throw new Error('the share of the processor could not be limited');
    return job;
  };
  return {
    /** Whatever this process starts from now on ends with it, also when it is killed. */
    endTogether() {
      if (!api.AssignProcessToJobObject(make({ memory: null, cpu: null, tasks: null }), api.GetCurrentProcess())) throw new Error('the process could not be put into a job');
    },
    /** A service has none; programs of the console inherit it. */
    console: () => api.AllocConsole(),
    limit(pid: number, limits: Limits) {
      if (limits.memory === null && limits.cpu === null && limits.tasks === null) return;
      const job = make(limits);
      const process = api.OpenProcess(SET_QUOTA_AND_TERMINATE, 0, pid);
      if (!process) throw new Error('the program could not be limited');
      const done = api.AssignProcessToJobObject(job, process);
      api.CloseHandle(process);
      if (!done) throw new Error('the limits could not be set');
    },
    /** As if Ctrl+C were pressed in their console; this process does not hear it. */
    interrupt() {
      api.SetConsoleCtrlHandler(null, 1);
      api.GenerateConsoleCtrlEvent(CTRL_C, 0);
    },
    codePage: () => api.GetACP(),
  };
}
