/** Recordings as files. */
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { decodeRecording, type Observation } from '../index.js';

/** In bytes. A container with its share of all else takes 1.8 kB on a large node and 3.2 on the recorded one: 80,000 fit. */
const longestRecording = 256 * 1024 * 1024;

/** Reads a recording; on the left one line that names the file and what is wrong with it. */
export const readRecording = async (file: string): Promise<E.Either<string, Observation>> => {
  try {
    const text = await textOf(file);
    if (text === undefined)
      return E.left(`cannot read the recording ${file}: it is longer than the ${longestRecording} bytes that are read`);
    const decoded = decodeRecording(text);
    return E.mapLeft((why: string) => `cannot read the recording ${file}: ${why}`)(decoded);
  } catch (thrown) {
    return E.left(`cannot read the recording ${file}: ${wordsOf(thrown)}`);
  }
};

/** What a file holds, or undefined where that is too much: pipes and devices do not say how long they are. */
const textOf = async (file: string): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  for await (const chunk of fse.createReadStream(file, { end: longestRecording })) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return bytes.length > longestRecording ? undefined : bytes.toString('utf8');
};

/** Writes a recording for its owner only; on the left one line that names the file and what went wrong. */
export const writeRecording = async (file: string, text: string): Promise<E.Either<string, void>> => {
  try {
    const descriptor = await fse.open(file, 'w', 0o600);
    try {
      // A file that was there has a mode of its own, and keeps it when opened.
      if ((await fse.fstat(descriptor)).isFile()) await fse.fchmod(descriptor, 0o600);
      await fse.writeFile(descriptor, text);
    } finally {
      await fse.close(descriptor);
    }
    return E.right(undefined);
  } catch (thrown) {
    return E.left(`cannot write the recording ${file}: ${wordsOf(thrown)}`);
  }
};

/** Node's words without the call it repeats at the end. */
const wordsOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message.replace(/, \w+( '.*')?$/, '') : String(thrown);
