// Bundles src/main.ts and its styles into dist, under names that carry a hash
// of their content, and writes the page that loads them.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, 'dist');

await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: here,
  assetNames: 'assets/[name]-[hash]',
  bundle: true,
  entryNames: 'assets/[name]-[hash]',
  entryPoints: ['src/main.ts', 'src/styles.css', 'src/assets/tank.svg'],
  format: 'esm',
  loader: { '.svg': 'copy' },
  logLevel: 'warning',
  metafile: true,
  minify: true,
  outdir,
  target: 'es2022',
});

const built = Object.entries(metafile.outputs);

function nameOf(source) {
  const output = built.find(([, { entryPoint, inputs }]) => entryPoint === source || Object.keys(inputs).includes(source));
  if (!output) {
    throw new Error(`the build wrote nothing for ${source}`);
  }
  return `assets/${basename(output[0])}`;
}

const page = (await readFile(join(here, 'src/index.html'), 'utf8')).replace(/\{\{(.+?)\}\}/g, (_, source) => nameOf(source));
await mkdir(outdir, { recursive: true });
await writeFile(join(outdir, 'index.html'), page);
