/** An address in the place of a host: IPv6 stands in brackets (RFC 3986). */
export const hostOf = (address: string) => (address.includes(':') ? `[${address}]` : address);

/** `10.0.0.4:80`, `[::1]:80`. */
export const hostPort = ({ address, port }: { address: string; port: number | string }) => `${hostOf(address)}:${port}`;
