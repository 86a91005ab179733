import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { classifyIp } from '#/kernel/ip-class.ts';
import { AddressRefusedError, createAddressGuard, isAllowedHostEntry } from '#/kernel/url-safety.ts';

describe('the class of an address', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['172.15.255.255', 'public'],
    ['172.32.0.0', 'public'],
    ['2606:4700::1111', 'public'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12:3456::1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['169.254.1.1', 'link_local'],
    ['fe80::1', 'link_local'],
    ['fe80::1%eth0', 'link_local'],
    ['169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['0.0.0.0', 'reserved'],
    ['::', 'reserved'],
    ['224.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['ff02::1', 'reserved'],
    ['2001:db8::1', 'reserved'],
  ])('of %s is %s', (address, expected) => {
    expect(classifyIp(address)).toBe(expected);
  });

  it.each([
    ['mapped', '::ffff:127.0.0.1', 'loopback'],
    ['mapped in hex', '::ffff:7f00:1', 'loopback'],
    ['mapped in full', '0:0:0:0:0:ffff:a9fe:a9fe', 'metadata'],
    ['translated', '::ffff:0:10.0.0.1', 'private'],
    ['compatible', '::10.0.0.1', 'private'],
    ['NAT64', '64:ff9b::169.254.169.254', 'metadata'],
    ['NAT64 to a public one', '64:ff9b::808:808', 'public'],
    ['6to4', '2002:7f00:1::', 'loopback'],
  ])('is that of the IPv4 inside: %s', (_form, address, expected) => {
    expect(classifyIp(address)).toBe(expected);
  });

  it.each(['127.1', '0x7f.0.0.1', '0177.0.0.1', '2130706433', 'localhost', '', '1.2.3.4.5', '1.2.3.256'])(
    'is reserved for text that is no address: %j',
    (text) => {
      expect(classifyIp(text)).toBe('reserved');
    },
  );
});

function answering(...addresses: string[]) {
  return (_host: string, _options: unknown, callback: (error: null, all: LookupAddress[]) => void): void =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
}

function lookUp(allowedHosts: string[], addresses: string[], host = 'partner.example', all = true): Promise<unknown> {
  const { lookup } = createAddressGuard({ allowedHosts, resolve: answering(...addresses) });
  return new Promise((resolve, reject) => {
    lookup(host, { all }, (error, found) => (error ? reject(error) : resolve(found)));
  });
}

describe('the guarded lookup', () => {
  it('hands on public addresses, all or the first as asked', async () => {
    await expect(lookUp([], ['8.8.8.8', '2606:4700::1111'])).resolves.toHaveLength(2);
    await expect(lookUp([], ['8.8.8.8', '2606:4700::1111'], 'partner.example', false)).resolves.toBe('8.8.8.8');
  });

  it('refuses a name when one of its addresses is refused', async () => {
    await expect(lookUp([], ['8.8.8.8', '10.0.0.1'])).rejects.toThrow(AddressRefusedError);
    await expect(lookUp([], ['8.8.8.8', '::ffff:10.0.0.1'])).rejects.toThrow(AddressRefusedError);
  });

  it('accepts a private address when the host is allowed, in any spelling', async () => {
    await expect(lookUp(['Partner.Example'], ['10.0.0.1'], 'partner.example.')).resolves.toHaveLength(1);
    await expect(lookUp(['other.example'], ['10.0.0.1'])).rejects.toThrow(/add partner\.example .*ALLOWED_HOSTS/);
  });

  it('accepts a private address inside an allowed range, also in its mapped form', async () => {
    await expect(lookUp(['10.0.0.0/8'], ['10.1.2.3', '::ffff:10.1.2.3'])).resolves.toHaveLength(2);
    await expect(lookUp(['10.0.0.0/8'], ['192.168.0.1'])).rejects.toThrow(AddressRefusedError);
    await expect(lookUp(['127.0.0.1', 'localhost'], ['127.0.0.1', '::1'], 'localhost')).resolves.toHaveLength(2);
  });

  it('never accepts link-local and metadata addresses', async () => {
    for (const address of ['169.254.169.254', '169.254.7.7', 'fe80::1', 'fd00:ec2::254', '::ffff:169.254.169.254'])
      await expect(lookUp(['partner.example', '0.0.0.0/0', '::/0'], [address]), address).rejects.toThrow(
        'never contacted',
      );
  });

  it('passes on what the resolver says when a name is unknown or empty', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const { lookup } = createAddressGuard({ allowedHosts: [], resolve: (_h, _o, callback) => callback(unknown, []) });
    expect(await new Promise((resolve) => lookup('nowhere', {}, (error) => resolve(error)))).toBe(unknown);
    await expect(lookUp([], [])).rejects.toThrow('no address');
  });

  it('resolves with the system resolver by default', async () => {
    const { lookup } = createAddressGuard({ allowedHosts: [] });
    const error = await new Promise((resolve) => lookup('localhost', { all: true }, (refused) => resolve(refused)));
    expect(error).toMatchObject({ code: 'ADDRESS_REFUSED', host: 'localhost', ipClass: 'loopback' });
  });
});

describe('the URL check', () => {
  const { assertUrl } = createAddressGuard({ allowedHosts: ['10.0.0.0/8'] });

  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://[::1]:3000/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
  ])('refuses the literal address in %s', (url) => {
    expect(() => assertUrl(new URL(url))).toThrow(AddressRefusedError);
  });

  it('accepts public and allowed literals, and leaves names to the lookup', () => {
    for (const url of ['https://8.8.8.8/', 'http://10.3.4.5:3000/', 'https://partner.example/'])
      expect(() => assertUrl(new URL(url))).not.toThrow();
  });
});

it('knows what may stand in the list of allowed hosts', () => {
  for (const entry of ['localhost', '127.0.0.1', '10.0.0.0/8', 'fd00::/8', 'jira.corp.example', 'my_host'])
    expect(isAllowedHostEntry(entry), entry).toBe(true);
  for (const entry of ['', 'http://x', 'localhost:3000', '10.0.0.0/33', 'a b', '*.x', 'x/8'])
    expect(isAllowedHostEntry(entry), entry).toBe(false);
});
