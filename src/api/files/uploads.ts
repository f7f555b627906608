import { z } from 'zod';
import { placeUpload, PlaceInput, uploadState } from '../../core/files/uploads/again.ts';
import { answerTus } from '../../http/tus.ts';
import { endpoint } from '../endpoint.ts';
import { means, MaybeTime, Time } from '../schemas.ts';

const BASE = '/api/v1/files/upload';
const OFFSET = 'application/offset+octet-stream';

const Id = means(z.string().max(100), 'uploadId');
const Params = z.strictObject({ id: Id });
/** tus itself says what is wrong with a header, with the status that its clients know. */
const header = z.string().optional();
const version = { 'tus-resumable': means(header, 'tusVersion') };
const checksum = { 'upload-checksum': means(header, 'tusChecksum') };

const State = z
  .object({
    id: Id,
    folder: means(z.string(), 'uploadFolder'),
    name: means(z.string(), 'uploadName'),
    size: means(z.number().int().nullable(), 'uploadSize'),
    offset: means(z.number().int(), 'uploadOffset'),
    conflict: means(z.enum(['ask', 'replace', 'keep-both', 'skip']), 'uploadConflict'),
    createdAt: Time,
    endedAt: MaybeTime,
    endedAs: means(z.string().nullable(), 'uploadEndedAs'),
  })
  .meta({ id: 'Upload' });

/** tus 1.0.0 (tus.io/protocols/resumable-upload), described call by call; http/tus.ts speaks it. */
export const fileUploads = [
  endpoint({
    id: 'files.upload_options', method: 'options', path: '/files/upload', permission: 'files.write', status: 204,
    run: (_app, _actor, _input, c) => answerTus(c, BASE),
  }),
  endpoint({
    id: 'files.upload_begin', method: 'post', path: '/files/upload', permission: 'files.write', status: 201,
    headers: z.object({
      ...version,
      'upload-length': means(header, 'tusLength'),
      'upload-defer-length': means(header, 'tusDefer'),
      'upload-metadata': means(header, 'tusMetadata'),
      ...checksum,
    }),
    takes: OFFSET, refusals: ['invalid', 'not_found', 'conflict', 'unavailable'],
    run: (_app, _actor, _input, c) => answerTus(c, BASE),
  }),
  endpoint({
    id: 'files.upload_get', method: 'get', path: '/files/upload/{id}', permission: 'files.write', status: 200,
    params: Params, response: State,
    // hono answers HEAD by the route of GET.
    run: (app, actor, { params }, c) => (c.req.raw.method === 'HEAD' ? answerTus(c, BASE) : uploadState(app, actor, params.id)),
  }),
  endpoint({
    id: 'files.upload_send', method: 'patch', path: '/files/upload/{id}', permission: 'files.write', status: 204,
    params: Params,
    headers: z.object({ ...version, 'upload-offset': means(header, 'tusOffset'), 'upload-length': means(header, 'tusLength'), ...checksum }),
    takes: OFFSET, refusals: ['conflict', 'unavailable'],
    run: (_app, _actor, _input, c) => answerTus(c, BASE),
  }),
  endpoint({
    id: 'files.upload_override', method: 'post', path: '/files/upload/{id}', permission: 'files.write', status: 204,
    params: Params,
    headers: z.object({ ...version, 'x-http-method-override': means(header, 'tusOverride') }),
    takes: OFFSET, refusals: ['conflict', 'unavailable'],
    run: (_app, _actor, _input, c) => answerTus(c, BASE),
  }),
  endpoint({
    id: 'files.upload_cancel', method: 'delete', path: '/files/upload/{id}', permission: 'files.write', status: 204,
    params: Params, headers: z.object(version),
    run: (_app, _actor, _input, c) => answerTus(c, BASE),
  }),
  endpoint({
    id: 'files.upload_place', method: 'post', path: '/files/uploads/{id}/place', permission: 'files.write', status: 200,
    params: Params,
    body: z.strictObject({ conflict: means(PlaceInput.shape.conflict, 'uploadConflict') }),
    response: z.object({ name: means(z.string(), 'uploadEndedAs') }),
    refusals: ['conflict'],
    run: async (app, actor, { params, body }) => ({ name: await placeUpload(app, actor, params.id, body.conflict) }),
  }),
];
