import type { Planner } from './plan.ts';

/** The language that programs of the machine speak. */
export interface MachineLocale {
  /** "en_US.UTF-8"; null: none is set, which is "C". */
  current: string | null;
  installed: readonly string[];
  /** Those that can be made here, which takes a while. */
  makeable: readonly string[];
  /** What it will be after the next start, where that is another one; null: there is no such difference. */
  written: string | null;
  /** Of Windows, where the locale is that of programs without Unicode: languages that its own windows can speak; null elsewhere. */
  languages: readonly string[] | null;
}

export interface LocaleChange {
  locale: string;
}

export interface LocaleDriver extends Planner<LocaleChange> {
  read(): Promise<MachineLocale>;
}
