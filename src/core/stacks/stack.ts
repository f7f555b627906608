import { statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import type { App } from '../app.ts';
import { containerOf, Listed, type Container, type Health } from '../containers/container.ts';

/** A project of Compose: it is a folder, and `-p` of the tool. What is none never reaches either (S18). */
export const StackName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/);
/** Never an option of the tool: it begins with a letter or digit. */
export const ServiceName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$/);

export interface Stack {
  name: string;
  /** Its files lie in the panel's folder; others were started outside and are read where they are. */
  own: boolean;
  /** Where it was started from, and what relative paths in its files mean; null when nothing tells. */
  folder: string | null;
  /** Its compose files in order, absolute. */
  files: string[];
  /** Files of variables that it was started with in place of `.env`, absolute; none: that is meant. */
  env: string[];
  /** Compose files that are not there any more. */
  gone: string[];
  /** In order of service and name, without single runs (`compose run`). */
  containers: Container[];
  services: string[];
  running: number;
  state: 'running' | 'partial' | 'stopped' | 'down';
  /** The worst of its containers; null: none is looked at. */
  health: Health | null;
}

/** Compose's labels on what it starts (docs.docker.com/compose, and compose/const.py of 1.29). */
export const LABEL = 'com.docker.compose.';

type Raw = z.output<typeof Listed>[number];

type Places = Pick<App, 'config' | 'engines'>;

/** Each engine has its own: what is begun on one is never ended on another. Its name is that of no stack. */
export function stacksFolder({ config, engines }: Places): string {
  const [folder, id] = [join(config.dataDir, 'stacks'), engines.chosen()];
  return id === null ? folder : join(folder, '.on', id);
}
/** Of a stack of the panel's own. `name` has been checked. */
export const ownFolder = (app: Places, name: string) => join(stacksFolder(app), name);
/** One run at a time on each stack, of one engine. */
export const taskKey = ({ engines }: Pick<App, 'engines'>, name: string) => ['stacks', engines.chosen() ?? [], name].flat().join(':');
export const OWN_FILE = 'compose.yml';

/** Labels of images, by id. */
export type ImageLabels = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * Every stack that there is: folders of the panel, and what labels of containers tell. @param images those that say that they
 * belong to one
 */
export function stacksOf(app: Places, ownNames: readonly string[], listed: readonly Raw[], images: ImageLabels = new Map()): Stack[] {
  const members = Map.groupBy(listed.filter(({ Labels }) => StackName.safeParse(Labels?.[`${LABEL}project`]).success), ({ Labels }) => Labels![`${LABEL}project`]!);
  const names = [...new Set([...ownNames, ...members.keys()])];
  return names.map((name) => stackOf(app, name, ownNames.includes(name), members.get(name) ?? [], images)).toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function stackOf(app: Places, name: string, own: boolean, listed: readonly Raw[], images: ImageLabels): Stack {
  // Of several runs the newest tells where the files are now.
  const newest = listed.filter((one) => tellsPlace(one, images)).toSorted((a, b) => b.Created - a.Created)[0]?.Labels ?? {};
  const { folder, files, env } = own ? { folder: ownFolder(app, name), files: [join(ownFolder(app, name), OWN_FILE)], env: [] } : app.engines.isFar() ? NOWHERE : placesOf(newest);
  const containers = listed
    .filter(({ Labels }) => Labels?.[`${LABEL}oneoff`]?.toLowerCase() !== 'true')
    .map(containerOf)
    .toSorted((a, b) => (a.service ?? '').localeCompare(b.service ?? '', 'en') || a.name.localeCompare(b.name, 'en', { numeric: true }));
  return { name, own, folder, files, env, gone: files.filter((file) => !isThere(file)), containers, services: [...new Set(containers.flatMap(({ service }) => service ?? []))], ...summary(containers) };
}

/** Labels of another machine's containers name its folders: what has the same name here is something else. */
const NOWHERE = { folder: null, files: [], env: [] };

const FOLDER = `${LABEL}project.working_dir`;

/** Did Compose tell the place, not the image? Whoever made that would say which files run in the name of a stack (S18). */
export const tellsPlace = ({ ImageID, Labels }: Raw, images: ImageLabels) => Labels?.[FOLDER] !== images.get(ImageID)?.[FOLDER];

/**
 * Where files are, by the labels. 1.29 writes `config_files` as it was called: "docker-compose.yml", or several with commas
 * between. Only what looks like a compose file, or one of variables, counts: labels come with images too, and could name anything.
 */
export function placesOf(labels: Readonly<Record<string, string>>): Pick<Stack, 'folder' | 'files' | 'env'> {
  const folder = labels[FOLDER] ?? '';
  if (!isAbsolute(folder)) return { folder: null, files: [], env: [] };
  const listed = (name: string) => (labels[`${LABEL}project.${name}`] ?? '').split(',');
  const files = listed('config_files').filter((file) => /\.ya?ml$/i.test(file)).map((file) => resolve(folder, file));
  const env = listed('environment_file').filter((file) => /(^|[/\\])(\.?env\b[^/\\]*|[^/\\]*\.env)$/i.test(file)).map((file) => resolve(folder, file));
  return { folder: resolve(folder), files, env };
}

/** Do these labels name the very files of the stack, where they are? */
export function isFrom({ folder, files }: Pick<Stack, 'folder' | 'files'>, labels: Readonly<Record<string, string>>): boolean {
  const place = placesOf(labels);
  return place.folder !== null && place.folder === folder && place.files.join() === files.join();
}

const RANK: Record<Health, number> = { unhealthy: 3, starting: 2, healthy: 1 };

export function summary(containers: readonly Container[]): Pick<Stack, 'running' | 'state' | 'health'> {
  const running = containers.filter(({ state }) => ['running', 'paused', 'restarting'].includes(state)).length;
  // A short run that ended well has done its work.
  const finished = containers.filter(({ state, exitCode }) => state === 'exited' && exitCode === 0).length;
  const state = containers.length === 0 ? 'down' : running === 0 ? 'stopped' : running + finished === containers.length ? 'running' : 'partial';
  const worst = containers.flatMap(({ health, state: now }) => (now === 'restarting' ? 'unhealthy' as const : health ?? [])).toSorted((a, b) => RANK[b] - RANK[a])[0];
  return { running, state, health: worst ?? null };
}

const isThere = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

/** Can the tool be used on it? */
export const hasFiles = (stack: Stack) => stack.folder !== null && stack.files.length > 0 && stack.gone.length === 0;

/** `.env` in the folder, as Compose looks for it, or what it was started with; none when nothing tells where that is. */
export const envFiles = ({ folder, env }: Pick<Stack, 'folder' | 'env'>) => (env.length ? env : folder === null ? [] : [join(folder, '.env')]);

/** Paths of what makes the stack: its compose files, then `.env`. */
export const textPaths = (stack: Pick<Stack, 'folder' | 'files' | 'env'>): string[] => [...stack.files, ...envFiles(stack)];

/** Of a file of the stack as its page shows it: below the folder without it. */
export function shownFile({ folder }: Pick<Stack, 'folder'>, file: string): string {
  const way = folder === null ? '..' : relative(folder, file);
  return way.startsWith('..') || isAbsolute(way) ? file : way.split(sep).join('/');
}
