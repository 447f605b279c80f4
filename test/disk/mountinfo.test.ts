import fse from 'fs-extra';
import { expect, test, vi } from 'vitest';
import { byteStringOf, isText, textOf } from '../../src/disk/byte-string.js';
import { parseMountinfo, readMounts } from '../../src/disk/mountinfo.js';

test('spaces, tabs, newlines and backslashes in a mount point are unescaped', () => {
  const line = String.raw`36 35 98:0 / /mnt/a\040b\011c\012d\134e rw - ext4 /dev/sda rw`;
  expect(parseMountinfo(line)).toStrictEqual([{ point: '/mnt/a b\tc\nd\\e', source: '/', type: 'ext4' }]);
});

test('what an unescaped backslash is followed by is not unescaped again', () => {
  expect(parseMountinfo(String.raw`36 35 98:0 / /mnt/a\134040 rw - ext4 x rw`)[0]?.point).toBe(String.raw`/mnt/a\040`);
});

test('any number of optional fields may stand before the separator', () => {
  for (const optional of ['', 'shared:1 ', 'shared:1 master:2 propagate_from:3 '])
    expect(parseMountinfo(`36 35 98:0 /s /p rw ${optional}- tmpfs tmpfs rw`)).toStrictEqual([
      { point: '/p', source: '/s', type: 'tmpfs' },
    ]);
});

test('a mount whose device has the separator in its name is read all the same', () => {
  expect(parseMountinfo('36 35 98:0 / /p rw - fuse.x a - b rw')).toStrictEqual([
    { point: '/p', source: '/', type: 'fuse.x' },
  ]);
});

test('lines that are no mounts are left out', () => {
  expect(parseMountinfo('\n36 35\nnonsense - tmpfs\n')).toStrictEqual([]);
});

test('the mount table of this process has its root', async () => {
  expect((await readMounts()).map(({ point }) => point)).toContain('/');
});

test('UTF-8 becomes text and comes back as the same bytes', () => {
  for (const text of ['plain', 'größe', '容器', '🐳', '\u{fffd}', 'a\nb', 'a\\xffb'])
    expect(textOf(byteStringOf(text))).toBe(text);
});

test('what is not UTF-8 is shown byte by byte, and different names differently', () => {
  expect(isText('a\xff')).toBe(false);
  expect(textOf('a b\xff\n\\')).toBe('a b\\xff\\x0a\\x5c');
  expect(textOf('\xff')).not.toBe(textOf('\xfe'));
});

test('the table is read once for all who ask before it is, and anew for who asks after that', async () => {
  const read = vi.spyOn(fse, 'readFile');
  const [one, other] = [readMounts(), readMounts()];
  expect(read).not.toHaveBeenCalled();
  await vi.waitUntil(() => read.mock.calls.length > 0);
  const later = readMounts();
  expect(await one).toBe(await other);
  expect(await later).not.toBe(await one);
  expect(read).toHaveBeenCalledTimes(2);
  read.mockRestore();
});

test('a table that cannot be read is told to all who ask, and is read again for the next', async () => {
  const read = vi.spyOn(fse, 'readFile').mockImplementation(() => Promise.reject(new Error('no /proc')));
  const both = [readMounts(), readMounts()];
  for (const one of both) await expect(one).rejects.toThrow('no /proc');
  read.mockRestore();
  expect((await readMounts()).length).toBeGreaterThan(0);
});
