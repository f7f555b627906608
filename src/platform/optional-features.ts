import type { Say } from '../lib/errors.ts';
import type { Run } from './plan.ts';

/** Lists of the same kind: what DISM calls optional features, what it calls capabilities and fetches on demand, and on a Server the roles and features of its manager. */
export const FEATURE_LISTS = ['optional', 'capability', 'server'] as const;
export type FeatureList = (typeof FEATURE_LISTS)[number];

/** `absent`: off, and its files are not on the disk: Windows fetches them. `turning-…`: with the next start. */
export const FEATURE_STATES = ['on', 'off', 'absent', 'turning-on', 'turning-off', 'partly', 'other'] as const;
export type FeatureState = (typeof FEATURE_STATES)[number];

export interface OptionalFeature {
  /** By which Windows knows it in every language: "TelnetClient", "OpenSSH.Server~~~~0.0.1.0". */
  name: string;
  /** For people, in the language of Windows. */
  title: string;
  state: FeatureState;
  /** What it lies within, by name; only Servers tell. */
  parent: string | null;
}

export interface OptionalFeatureDetails extends OptionalFeature {
  description: string;
  /** Whether it wants a start of the machine; null: not told before. */
  restart: 'no' | 'maybe' | 'yes' | null;
  /** What must be on for it, by name; turned on along with it. */
  needs: string[];
  /** What lies within it, by name. */
  holds: string[];
}

export interface OptionalFeatures {
  features: OptionalFeature[];
  /** There is a list of roles as well. */
  server: boolean;
  /** Without the rights of an administrator less is told, and nothing can be changed. */
  whole: boolean;
}

export interface FeatureChange {
  list: FeatureList;
  name: string;
  on: boolean;
}

export interface OptionalFeaturesDriver {
  /** Why there are none here, or null. */
  refusal(): Say | null;
  /** @throws AppError denied, unsupported, unavailable */
  list(list: FeatureList): Promise<OptionalFeatures>;
  /** null: there is none called so. */
  one(list: FeatureList, name: string): Promise<OptionalFeatureDetails | null>;
  /** What will run, shown before it runs. */
  commands(change: FeatureChange): string[];
  /** Does not stop in the middle: given up, it ends with Windows, and at once only for a panel that stops. @returns whether it is whole only after a start of the machine. @throws AppError with what Windows says */
  change(change: FeatureChange, run?: Run): Promise<{ restart: boolean }>;
}
