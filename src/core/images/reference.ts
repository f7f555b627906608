import { z } from 'zod';
import { say } from '../../lib/issue.ts';

/** Name of an image as people write it: `redis:7`, `ghcr.io/acme/shop@sha256:…`. */
export interface Reference {
  /** `docker.io` when none was written. */
  domain: string;
  /** `library/redis` */
  path: string;
  /** As short as Docker shows it: `redis`, `ghcr.io/acme/shop`. */
  name: string;
  tag: string | null;
  /** `sha256:…` */
  digest: string | null;
}

/** A registry in a reference: a name or an address, and its port. */
export const DOMAIN = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::\d{1,5})?$/;
const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,128}$/;
const NAME_MOST = 255;

/**
 * The grammar of github.com/distribution/reference, as Docker normalizes it: what is before the first `/` is a registry
 * only when it has a dot, a port or a capital in it, or is `localhost`. null for what is no reference.
 */
export function parseReference(text: string): Reference | null {
  const [rest = '', digest = null, ...more] = text.split('@');
  if (more.length || (digest !== null && !DIGEST.test(digest))) return null;
  // A colon before the last slash belongs to a port.
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
  const tag = colon < 0 ? null : rest.slice(colon + 1);
  if (tag !== null && !TAG.test(tag)) return null;
  const whole = colon < 0 ? rest : rest.slice(0, colon);
  const slash = whole.indexOf('/');
  const first = slash < 0 ? '' : whole.slice(0, slash);
  const registry = /[.:]|^\[/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const domain = registry ? (first === 'index.docker.io' ? 'docker.io' : first) : 'docker.io';
  const remote = registry ? whole.slice(slash + 1) : whole;
  const path = domain === 'docker.io' && !remote.includes('/') ? `library/${remote}` : remote;
  if (!DOMAIN.test(domain) || !PATH.test(path) || `${domain}/${path}`.length > NAME_MOST) return null;
  // Docker takes these for ids.
  if (/^[0-9a-f]{64}$/.test(whole)) return null;
  return { domain, path, name: domain === 'docker.io' ? path.replace(/^library\//, '') : `${domain}/${path}`, tag, digest };
}

export const referenceText = ({ name, tag, digest }: Pick<Reference, 'name' | 'tag' | 'digest'>) => `${name}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;

const none = say('image.reference', (t) => t.images.badReference);

/** What may be pulled. */
export const ImageReference = z.string().trim().min(1, none).max(500, none).refine((text) => parseReference(text) !== null, none);

/** What an image may be called: a name, and a tag that is `latest` when it is left out. */
export const ImageTag = z.string().trim().min(1, none).max(400, none).refine((text) => parseReference(text)?.digest === null, none);

/** `sha256:…`, or the beginning of it, at least twelve digits as Docker shows them. */
const ID = /^(?:sha256:)?[0-9a-f]{12,64}$/;

/** Is it a name that a registry may know? `sha256:…` has the form of one, and is an id. */
export const isPullable = (text: string) => parseReference(text) !== null && !(text.startsWith('sha256:') && ID.test(text));

/** How an image is named to the engine: by its id, or by one of its names. What is neither never reaches a path (S18). */
export const ImageKey = z.string().max(500).refine((text) => ID.test(text) || (!text.startsWith('sha256:') && parseReference(text) !== null), none);
