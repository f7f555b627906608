import { z } from 'zod';
import { askDocker, type DockerApp } from '../../docker/ask.ts';

const Words = z.array(z.string()).nullish();
const Labels = z.record(z.string(), z.string()).nullish();

/** What a container, or an image, starts with. What is not named here is kept as it came. */
const Config = z.looseObject({
  Image: z.string().optional(), Hostname: z.string().optional(), Env: Words, Cmd: Words, Entrypoint: Words, Labels,
  WorkingDir: z.string().optional(), User: z.string().optional(), Healthcheck: z.unknown().optional(),
  Volumes: z.record(z.string(), z.unknown()).nullish(), ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
});

export type Config = z.output<typeof Config>;

const Endpoint = z.looseObject({ Aliases: Words, IPAMConfig: z.unknown().optional(), Links: Words, DriverOpts: z.unknown().optional(), MacAddress: z.string().optional() });

export const Inspected = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  Image: z.string(),
  Created: z.string(),
  Config,
  HostConfig: z.looseObject({
    AutoRemove: z.boolean().optional(), NetworkMode: z.string().optional(), Binds: Words,
    Mounts: z.array(z.looseObject({ Target: z.string() })).nullish(),
  }),
  State: z.looseObject({ Running: z.boolean(), Restarting: z.boolean().optional(), ExitCode: z.number(), StartedAt: z.string(), FinishedAt: z.string(), Health: z.looseObject({ Status: z.string() }).nullish() }),
  Mounts: z.array(z.looseObject({ Type: z.string(), Name: z.string().optional(), Destination: z.string() })),
  NetworkSettings: z.looseObject({ Networks: z.record(z.string(), Endpoint) }),
});

export type Inspected = z.output<typeof Inspected>;

/** Without the slash that the engine puts before it. */
export const nameOf = ({ Name }: Pick<Inspected, 'Name'>) => Name.replace(/^\//, '');

export const ImageInspected = z.looseObject({ Id: z.string(), Config: Config.nullish() });

/** @throws AppError not_found, unavailable */
export const inspectContainer = (app: DockerApp, id: string) => askDocker(app, { path: `/containers/${id}/json` }, Inspected);

const inspectImage = (app: DockerApp, name: string) => askDocker(app, { path: `/images/${encodeURIComponent(name)}/json` }, ImageInspected);

/** What the image gives every container made of it. */
export const imageConfig = async (app: DockerApp, id: string): Promise<Config> => (await inspectImage(app, id)).Config ?? {};

/** What the name of an image means now. @throws AppError not_found */
export const imageId = async (app: DockerApp, name: string): Promise<string> => (await inspectImage(app, name)).Id;
