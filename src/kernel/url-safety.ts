import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type Cidr, cidrContains, classifyIp, type IpClass, parseCidr, parseIp } from './ip-class.ts';
import { isErrorNamed } from './error-name.ts';

/** A connection that was not opened because of where it would have gone. The message names the remedy. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'AddressRefusedError');
  }

  readonly code = 'ADDRESS_REFUSED';
  readonly host: string;
  readonly address: string;
  readonly ipClass: IpClass;

  constructor(host: string, address: string, ipClass: IpClass) {
    const target = host === address ? address : `${host} (${address})`;
    super(
      neverAllowed(ipClass)
        ? `${target} is a ${ipClass.replace('_', '-')} address, which is never contacted.`
        : `${target} is outside the public address space (${ipClass}). If it is meant, add ${host} or its range to ALLOWED_HOSTS.`,
    );
    this.host = host;
    this.address = address;
    this.ipClass = ipClass;
  }
}

export interface AddressGuardOptions {
  /** Host names, addresses or CIDRs that may be contacted although they are not public. */
  allowedHosts: readonly string[];
  /** The resolver, for tests; answers with every address of the name. */
  resolve?: ResolveAll;
}

export type ResolveAll = (
  hostname: string,
  options: { family: number; hints: number },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

export interface AddressGuard {
  /** For `connect.lookup` of undici, net and tls: hands on only addresses that were checked, so a name cannot change in between. */
  readonly lookup: LookupFunction;
  /**
   * Throws {@link AddressRefusedError} when the URL names a refused address itself. Needed beside `lookup`, since
   * sockets do not look up a literal address.
   */
  assertUrl(url: URL): void;
}

/** One entry of ALLOWED_HOSTS, without port: a host name, an address or a CIDR. */
export function isAllowedHostEntry(entry: string): boolean {
  return (
    parseCidr(entry) !== null ||
    /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i.test(entry)
  );
}

/**
 * Decides where the node may connect to: public addresses always; link-local and cloud metadata addresses never; the
 * rest only when the host or the address is in `allowedHosts`. One refused address of a name refuses the name.
 */
export function createAddressGuard({ allowedHosts, resolve = resolveAll }: AddressGuardOptions): AddressGuard {
  const hosts = new Set(allowedHosts.map(canonicalHost));
  const ranges = allowedHosts.map(parseCidr).filter((range) => range !== null);

  const check = (host: string, address: string): void => {
    const ipClass = classifyIp(address);
    if (ipClass === 'public') return;
    if (neverAllowed(ipClass) || !(hosts.has(canonicalHost(host)) || inRanges(ranges, address)))
      throw new AddressRefusedError(host, address, ipClass);
  };

  return {
    assertUrl(url) {
      const host = url.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host)) check(host, host);
    },
    lookup(hostname, options, callback) {
      const { family, hints } = { family: familyNumber(options.family), hints: options.hints ?? 0 };
      resolve(hostname, { family, hints }, (error, addresses) => {
        if (error) return callback(error, '');
        const first = addresses[0];
        if (first === undefined) return callback(new Error(`${hostname} has no address`), '');
        try {
          for (const { address } of addresses) check(hostname, address);
        } catch (refused) {
          return callback(refused instanceof Error ? refused : new Error(String(refused)), '');
        }
        if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      });
    },
  };
}

const resolveAll: ResolveAll = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, callback);
};

function neverAllowed(ipClass: IpClass): boolean {
  return ipClass === 'metadata' || ipClass === 'link_local';
}

function inRanges(ranges: readonly Cidr[], address: string): boolean {
  const ip = parseIp(address);
  return ip !== null && ranges.some((range) => cidrContains(range, ip));
}

function canonicalHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

function familyNumber(family: number | string | undefined): number {
  if (family === 'IPv4') return 4;
  if (family === 'IPv6') return 6;
  return typeof family === 'number' ? family : 0;
}
