// The figures of the last mutation run by folder. Fails below 95 %, or where a mutant survived that test/mutation/survivors.md does not explain.
import { readFileSync } from 'node:fs';

const folders = ['core', 'codec'];
const sections = readFileSync('test/mutation/survivors.md', 'utf8').split(/^## /m);

const offset = (source, { line, column }) =>
  source
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, text) => sum + text.length + 1, column - 1);

const shown = (code) => {
  const line = code.replace(/\s+/g, ' ').trim();
  return line.length <= 80 ? line : `${line.slice(0, 80)}…`;
};

/** A survivor as its line in the list begins. */
const entryOf = (source, { location: { start, end }, replacement }) =>
  `- \`\` ${shown(source.slice(offset(source, start), offset(source, end)))} \`\` → \`\` ${shown(replacement)} \`\`: `;

const unexplainedIn = ([path, { source, mutants }]) => {
  const section = sections.find((text) => text.startsWith(`${path}\n`)) ?? '';
  const survivors = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  return survivors
    .filter((mutant) => !section.includes(entryOf(source, mutant)))
    .map((mutant) => `${path}:${mutant.location.start.line}\n${entryOf(source, mutant)}`);
};

const figures = {};
const unexplained = [];
for (const folder of folders) {
  const { files } = JSON.parse(readFileSync(`node_modules/.cache/cri-recovery-mutation/${folder}.json`, 'utf8'));
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const [killed, timedOut, survived] = [count('Killed'), count('Timeout'), count('Survived', 'NoCoverage')];
  const score = Math.floor(((killed + timedOut) * 1000) / (killed + timedOut + survived)) / 10;
  figures[`src/${folder}`] = { mutants: mutants.length, killed, timedOut, survived, score };
  unexplained.push(...Object.entries(files).flatMap(unexplainedIn));
}

console.table(figures);
if (unexplained.length > 0) console.error(`not explained in test/mutation/survivors.md:\n${unexplained.join('\n')}`);
if (unexplained.length > 0 || Object.values(figures).some(({ score }) => score < 95)) process.exitCode = 1;
