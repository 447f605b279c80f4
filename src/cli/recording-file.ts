/** Recordings as files. */
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { decodeRecording, type Observation } from '../index.js';

/** Reads a recording; on the left one line that names the file and what is wrong with it. */
export const readRecording = async (file: string): Promise<E.Either<string, Observation>> => {
  try {
    const decoded = decodeRecording(await fse.readFile(file, 'utf8'));
    return E.mapLeft((why: string) => `cannot read the recording ${file}: ${why}`)(decoded);
  } catch (thrown) {
    return E.left(`cannot read the recording ${file}: ${wordsOf(thrown)}`);
  }
};

/** Writes a recording for its owner only; on the left one line that names the file and what went wrong. */
export const writeRecording = async (file: string, text: string): Promise<E.Either<string, void>> => {
  try {
    await fse.writeFile(file, text, { mode: 0o600 });
    return E.right(undefined);
  } catch (thrown) {
    return E.left(`cannot write the recording ${file}: ${wordsOf(thrown)}`);
  }
};

/** Node's words without the call it repeats at the end. */
const wordsOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message.replace(/, \w+( '.*')?$/, '') : String(thrown);
