import { access } from 'node:fs/promises';
import { z } from 'zod';
import type { Exec } from '../../exec.ts';
import type { Volume } from '../../files.ts';
import type { ScriptRunner } from '../../scripts.ts';

/** A drive whose server or medium is gone may take half a minute to say so. */
const ASK_MS = 1500;
const SCRIPT_MS = 8000;
/** Drives come and go by people's hands, and PowerShell takes a third of a second to start. */
const FRESH_MS = 30_000;

const Answer = z.object({ volumes: z.array(z.object({ path: z.string(), kind: z.string(), type: z.string(), label: z.string() })) });

/** Drives with type and label where PowerShell tells them; else the letters that answer. */
export function createVolumes(exec: Exec, scripts: ScriptRunner, exists = answers, askMs = ASK_MS): () => Promise<Volume[]> {
  let known: { at: number; found: Promise<Volume[]> } | null = null;
  const ask = async () => {
    const letters = await lettersOf(exists, askMs);
    const told = exec.which('powershell') ? await scripts.run('volumes.ps1', ['list'], { timeout: SCRIPT_MS }).then(parseVolumes, () => []) : [];
    // What PowerShell knows beyond the letters is a drive that is not ready: it cannot be opened.
    return letters.map((path) => told.find((volume) => volume.path === path) ?? { path, type: '', device: '', readOnly: false });
  };
  return () => {
    if (!known || performance.now() - known.at > FRESH_MS) known = { at: performance.now(), found: ask() };
    return known.found;
  };
}

/** `{"volumes":[{"path":"C:\\","kind":"Fixed","type":"NTFS","label":"System"}]}`; a DVD takes no changes. */
export function parseVolumes(text: string): Volume[] {
  try {
    const { volumes } = Answer.parse(JSON.parse(text.replace(/^\ufeff/, '')));
    return volumes.map(({ path, kind, type, label }) => ({ path, type, device: '', readOnly: kind === 'CDRom', ...(label ? { label } : {}) }));
  } catch {
    return [];
  }
}

async function lettersOf(exists: (path: string) => Promise<boolean>, ms: number): Promise<string[]> {
  const all = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}:\\`);
  const there = await Promise.all(all.map((path) => Promise.race([exists(path), Bun.sleep(ms).then(() => false)])));
  return all.filter((_, index) => there[index]);
}

const answers = (path: string) => access(path).then(() => true, () => false);
