import { encodePath } from '../../files/href.ts';

/** Addresses of the files of a container. */
export const filesHref = (id: string, path: string) => `/containers/${id}/files?path=${encodePath(path)}`;
export const fileHref = (id: string, what: 'edit' | 'download' | 'rename' | 'delete' | 'folder', path: string, more = '') => `/containers/${id}/files/${what}?path=${encodePath(path)}${more}`;
