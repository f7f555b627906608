/** Of `sha256:…` what an address has. */
export const imageHex = (id: string) => id.replace('sha256:', '');

/** As Docker shows ids. */
export const shortId = (id: string) => imageHex(id).slice(0, 12);

export const imageHref = (id: string) => `/images/${imageHex(id)}`;
