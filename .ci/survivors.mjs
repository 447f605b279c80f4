// Figures of the last mutation run by folder, and whether every mutant that survived it is explained in test/mutation/survivors.md.
import { readFileSync } from 'node:fs';

const { files } = JSON.parse(readFileSync('node_modules/.cache/cri-recovery-mutation/report.json', 'utf8'));
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

const figures = {};
const unexplained = [];
for (const [path, { source, mutants }] of Object.entries(files)) {
  const folder = path.split('/').slice(0, 2).join('/');
  const section = sections.find((text) => text.startsWith(`${path}\n`)) ?? '';
  for (const mutant of mutants) {
    const sum = (figures[folder] ??= { mutants: 0, Killed: 0, Timeout: 0, Survived: 0, NoCoverage: 0, other: 0 });
    sum.mutants += 1;
    sum[mutant.status in sum ? mutant.status : 'other'] += 1;
    if (mutant.status !== 'Survived' && mutant.status !== 'NoCoverage') continue;
    const entry = entryOf(source, mutant);
    if (!section.includes(entry)) unexplained.push(`${path}:${mutant.location.start.line}\n${entry}`);
  }
}

for (const sum of Object.values(figures))
  sum.score = (((sum.Killed + sum.Timeout) * 100) / (sum.mutants - sum.other)).toFixed(1);
console.table(figures);
if (unexplained.length > 0) {
  console.error(`${unexplained.length} survivors are not explained in test/mutation/survivors.md:\n${unexplained.join('\n')}`);
  process.exitCode = 1;
}
