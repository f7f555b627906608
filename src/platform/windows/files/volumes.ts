import { access } from 'node:fs/promises';
import { z } from 'zod';
import type { Volume } from '../../files.ts';
import type { PowerShell } from '../powershell/powershell.ts';

/** A drive whose server or medium is gone may take half a minute to say so. */
const ASK_MS = 1500;
/** Drives come and go by people's hands. */
const FRESH_MS = 30_000;

/** `volumes.ps1 list`: {"volumes":[{"path":"C:\\","kind":"Fixed","type":"NTFS","label":"System"}]} */
export const VolumeList = z.object({ volumes: z.array(z.object({ path: z.string(), kind: z.string(), type: z.string(), label: z.string() })) });

/** Drives with type and label where PowerShell tells them; else the letters that answer. */
export function createVolumes(shell: PowerShell, exists = answers, askMs = ASK_MS): () => Promise<Volume[]> {
  let known: { at: number; found: Promise<Volume[]> } | null = null;
  const ask = async () => {
    const letters = await lettersOf(exists, askMs);
    const told = shell.missing() ? [] : await shell.call('volumes.ps1', 'list', {}, VolumeList).then(volumesOf, () => []);
    // What PowerShell knows beyond the letters is a drive that is not ready: it cannot be opened.
    return letters.map((path) => told.find((volume) => volume.path === path) ?? { path, type: '', device: '', readOnly: false });
  };
  return () => {
    if (!known || performance.now() - known.at > FRESH_MS) known = { at: performance.now(), found: ask() };
    return known.found;
  };
}

/** A DVD takes no changes. */
export const volumesOf = ({ volumes }: z.output<typeof VolumeList>): Volume[] =>
  volumes.map(({ path, kind, type, label }) => ({ path, type, device: '', readOnly: kind === 'CDRom', ...(label ? { label } : {}) }));

async function lettersOf(exists: (path: string) => Promise<boolean>, ms: number): Promise<string[]> {
  const all = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}:\\`);
  const there = await Promise.all(all.map((path) => Promise.race([exists(path), Bun.sleep(ms).then(() => false)])));
  return all.filter((_, index) => there[index]);
}

const answers = (path: string) => access(path).then(() => true, () => false);
