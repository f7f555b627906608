import { z } from 'zod';
import type { Holder } from '../containers/holders.ts';
import { hideStep, hideWords } from '../containers/redact.ts';
import { parseReference } from './reference.ts';

/** A name of an image, or an image that has none. */
export interface Image {
  /** Of the row: its name and the image that has it. Who sends it back means this name of this image, and no other. */
  key: string;
  /** `sha256:…` */
  id: string;
  /** `redis:7`; null: it has no name any more. */
  reference: string | null;
  /** `redis`; where only a digest is left of the name, that of the digest. */
  repository: string | null;
  tag: string | null;
  /** `redis@sha256:…`, as registries know it. */
  digests: string[];
  /** Bytes, with what it shares with others. */
  size: number;
  createdAt: number;
  usedBy: { id: string; name: string; running: boolean }[];
}

/** GET /images/json, of each what is used. */
export const ListedImages = z.array(
  z.object({
    Id: z.string(),
    RepoTags: z.array(z.string()).nullish(),
    RepoDigests: z.array(z.string()).nullish(),
    Size: z.number(),
    Created: z.number(),
  }),
);

/** What older engines write for none. */
const isNamed = (name: string) => !name.includes('<none>');

/** A row for each name; an image without one is a row as well. */
export function imagesOf(raw: z.output<typeof ListedImages>[number], holders: readonly Holder[]): Image[] {
  const digests = (raw.RepoDigests ?? []).filter(isNamed);
  const names = (raw.RepoTags ?? []).filter(isNamed);
  const usedBy = holders.filter(({ imageId }) => imageId === raw.Id).map(({ id, name, running }) => ({ id, name, running }));
  const rest = { id: raw.Id, digests, size: raw.Size, createdAt: raw.Created * 1000, usedBy };
  if (names.length === 0) return [{ ...rest, key: raw.Id, reference: null, repository: digests[0]?.split('@')[0] ?? null, tag: null }];
  return names.map((reference) => {
    const parsed = parseReference(reference);
    return { ...rest, key: `${reference} ${raw.Id}`, reference, repository: parsed?.name ?? reference, tag: parsed?.tag ?? null };
  });
}

export const isUnused = ({ usedBy }: Image) => usedBy.length === 0;

/** One step of how an image was made; newest first. */
export interface Layer {
  /** What made it, without what the builder adds: the shell and `#(nop)`. */
  command: string;
  size: number;
  createdAt: number | null;
  comment: string;
}

export interface ImageDetails {
  id: string;
  references: string[];
  digests: string[];
  size: number;
  createdAt: number | null;
  os: string;
  architecture: string;
  author: string;
  /** As the image says it; a container may say otherwise. */
  entrypoint: string[];
  command: string[];
  user: string;
  folder: string;
  ports: string[];
  volumes: string[];
  labels: Record<string, string>;
  layers: number;
}

const Words = z.union([z.array(z.string()), z.string().transform((text) => [text])]).nullish().transform((words) => words ?? []);
const Keys = z.record(z.string(), z.unknown()).nullish().transform((map) => Object.keys(map ?? {}));

/** GET /images/{name}/json, of it what is used. Its environment is left where it is: images carry secrets in it. */
export const Inspected = z.object({
  Id: z.string(),
  RepoTags: z.array(z.string()).nullish(),
  RepoDigests: z.array(z.string()).nullish(),
  Created: z.string().nullish(),
  Author: z.string().nullish(),
  Architecture: z.string().catch(''),
  Variant: z.string().nullish(),
  Os: z.string().catch(''),
  Size: z.number(),
  Config: z
    .object({ User: z.string().nullish(), ExposedPorts: Keys, Cmd: Words, Entrypoint: Words, WorkingDir: z.string().nullish(), Volumes: Keys, Labels: z.record(z.string(), z.string()).nullish() })
    .nullish(),
  RootFS: z.object({ Layers: z.array(z.string()).nullish() }).nullish(),
});

export function detailsOf(raw: z.output<typeof Inspected>): ImageDetails {
  const config = raw.Config;
  const createdAt = Date.parse(raw.Created ?? '');
  return {
    id: raw.Id,
    references: (raw.RepoTags ?? []).filter(isNamed), digests: (raw.RepoDigests ?? []).filter(isNamed),
    size: raw.Size, createdAt: createdAt > 0 ? createdAt : null,
    os: raw.Os, architecture: raw.Variant ? `${raw.Architecture}/${raw.Variant}` : raw.Architecture, author: raw.Author ?? '',
    entrypoint: hideWords(config?.Entrypoint ?? []), command: hideWords(config?.Cmd ?? []), user: config?.User ?? '', folder: config?.WorkingDir ?? '',
    ports: config?.ExposedPorts ?? [], volumes: config?.Volumes ?? [], labels: config?.Labels ?? {},
    layers: raw.RootFS?.Layers?.length ?? 0,
  };
}

/** GET /images/{name}/history */
export const History = z.array(z.object({ Created: z.number(), CreatedBy: z.string(), Size: z.number(), Comment: z.string().catch('') }));

export const layerOf = ({ Created, CreatedBy, Size, Comment }: z.output<typeof History>[number]): Layer => ({
  command: hideStep(CreatedBy.replace(/^\/bin\/\w+ -\w #\(nop\)\s*/, '').replace(/(?<!\s)\s+# buildkit$/, '')),
  size: Size, comment: Comment,
  // Builders that want the same bytes twice write a time of theirs: 1970, or before.
  createdAt: Created > 0 ? Created * 1000 : null,
});
