import { isIPv4, isIPv6 } from 'node:net';

/**
 * What an address is for whoever connects to it: `metadata` is where clouds hand out credentials, `reserved` is
 * neither public nor anybody's network (unspecified, multicast, broadcast, documentation, ...).
 */
export const ipClasses = ['public', 'private', 'loopback', 'link_local', 'metadata', 'reserved'] as const;
export type IpClass = (typeof ipClasses)[number];

/** An address as a number of 32 or 128 bits; IPv4 inside IPv6 (mapped, NAT64, 6to4) is already the IPv4. */
export interface IpAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** A range such as `10.0.0.0/8`, or a single address. */
export interface Cidr {
  readonly base: IpAddress;
  readonly prefix: number;
}

const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
];

const RANGES: ReadonlyArray<readonly [string, IpClass]> = [
  ['127.0.0.0/8', 'loopback'],
  ['::1/128', 'loopback'],
  ['169.254.0.0/16', 'link_local'],
  ['fe80::/10', 'link_local'],
  ['10.0.0.0/8', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['100.64.0.0/10', 'private'],
  ['fc00::/7', 'private'],
  ['fec0::/10', 'private'],
  ['64:ff9b:1::/48', 'private'],
  ['0.0.0.0/8', 'reserved'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'reserved'],
  ['192.88.99.0/24', 'reserved'],
  ['198.18.0.0/15', 'reserved'],
  ['198.51.100.0/24', 'reserved'],
  ['203.0.113.0/24', 'reserved'],
  ['224.0.0.0/4', 'reserved'],
  ['240.0.0.0/4', 'reserved'],
];

/** The only part of IPv6 in public use; everything else that no range above names is reserved. */
const IPV6_PUBLIC = '2000::/3';
const IPV6_RESERVED = ['2001::/23', '2001:db8::/32', '3fff::/20'];

/** IPv6 forms that carry an IPv4 destination: prefix, and how far the IPv4 lies from the right end. */
const IPV4_CARRIERS: ReadonlyArray<readonly [string, number, bigint]> = [
  ['::ffff:0:0', 96, 0n],
  ['::ffff:0:0:0', 96, 0n],
  ['64:ff9b::', 96, 0n],
  ['2002::', 16, 80n],
];

/**
 * Reads an address in its canonical textual forms (zone ids are dropped); null for anything else, so for `127.1`,
 * `0x7f000001` or `017700000001`, which only some resolvers accept.
 */
export function parseIp(text: string): IpAddress | null {
  if (isIPv4(text)) return { bits: 32, value: ipv4Value(text) };
  if (!isIPv6(text)) return null;
  const value = ipv6Value(text.replace(/%.*$/, ''));
  for (const [prefix, length, shift] of IPV4_CARRIERS) {
    const drop = BigInt(128 - length);
    if (value >> drop === ipv6Value(prefix) >> drop) return { bits: 32, value: (value >> shift) & 0xffff_ffffn };
  }
  // IPv4-compatible form (::a.b.c.d), long deprecated; :: and ::1 are not that.
  if (value > 1n && value >> 32n === 0n) return { bits: 32, value };
  return { bits: 128, value };
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address; null when it is neither. */
export function parseCidr(text: string): Cidr | null {
  const [address, length, ...rest] = text.split('/');
  const base = address === undefined ? null : parseIp(address);
  if (base === null || rest.length) return null;
  if (length === undefined) return { base, prefix: base.bits };
  if (!/^\d{1,3}$/.test(length)) return null;
  // A prefix written for ::ffff:10.0.0.0 counts the 96 bits in front of the IPv4.
  const written = Number(length);
  const prefix = base.bits === 32 && isIPv6(address ?? '') ? written - 96 : written;
  return prefix >= 0 && prefix <= base.bits ? { base, prefix } : null;
}

/** Whether the address lies in the range. */
export function cidrContains(cidr: Cidr, ip: IpAddress): boolean {
  if (cidr.base.bits !== ip.bits) return false;
  const drop = BigInt(ip.bits - cidr.prefix);
  return cidr.base.value >> drop === ip.value >> drop;
}

/** Classifies an address. Text that is no address is `reserved`, so that it is refused. */
export function classifyIp(text: string): IpClass {
  const ip = parseIp(text);
  if (ip === null) return 'reserved';
  if (METADATA.some((address) => parsed(address).base.value === ip.value && parsed(address).base.bits === ip.bits))
    return 'metadata';
  const range = RANGES.find(([cidr]) => cidrContains(parsed(cidr), ip));
  if (range !== undefined) return range[1];
  if (ip.bits === 32) return 'public';
  if (IPV6_RESERVED.some((cidr) => cidrContains(parsed(cidr), ip))) return 'reserved';
  return cidrContains(parsed(IPV6_PUBLIC), ip) ? 'public' : 'reserved';
}

const cache = new Map<string, Cidr>();

function parsed(cidr: string): Cidr {
  const known = cache.get(cidr) ?? parseCidr(cidr);
  if (known === null) throw new Error(`Not a range: ${cidr}`);
  cache.set(cidr, known);
  return known;
}

function ipv4Value(text: string): bigint {
  return text.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function ipv6Value(text: string): bigint {
  const dotted = /(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  const hexOnly =
    dotted === undefined
      ? text
      : text.slice(0, -dotted.length) +
        [ipv4Value(dotted) >> 16n, ipv4Value(dotted) & 0xffffn].map((group) => group.toString(16)).join(':');
  const [head = '', tail] = hexOnly.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
